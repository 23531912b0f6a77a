import type { Mutant } from './mutants.ts';

const DATABASE = 'libs/database/src';

/** Defects in what notices that policies and grants are missing. */
export const POLICY_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a lookup that finds nothing proves nothing',
    file: `${DATABASE}/verification/verifier-database.ts`,
    from: 'if (found < wanted || !this.rowSecurity.isWhole)',
    to: 'if (!this.rowSecurity.isWhole)',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'never seen',
  },
  {
    defect: 'a lookup of many keys proves nothing where it finds one',
    file: `${DATABASE}/verification/verifier-database.ts`,
    from: 'await this.prove(rows.length, wanted, client);\n      return rows;\n    });\n  }\n\n  private async selectThroughPooler',
    to: 'await this.prove(rows.length, Math.min(wanted, 1), client);\n      return rows;\n    });\n  }\n\n  private async selectThroughPooler',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'together with others',
  },
  {
    defect: 'a further policy may show rows of other tenants',
    file: `${DATABASE}/verification/row-security-check.ts`,
    from: "polpermissive and polcmd <> 'a'",
    to: "polpermissive and polcmd = 'a'",
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'isolation, by another policy',
  },
  {
    defect: 'the catalogue is not checked beside heartbeats',
    file: `${DATABASE}/verification/verifier-database.ts`,
    from: 'if (this.rowSecurity.isDue) void this.checkRowSecurity(true);',
    to: '',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'rules of tenants cannot be seen',
  },
  {
    defect: 'what is remembered outlives the loss of a policy',
    file: `${DATABASE}/invalidation/invalidation-channel.ts`,
    from: `verifier.rowSecurity.onLoss(() => this.publish({ kind: 'all' }));`,
    to: '',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'rules of tenants cannot be seen',
  },
  {
    defect: 'a missing grant of the verifier is a bug',
    file: `${DATABASE}/verification/verifier-database.ts`,
    from: 'if (!isMissingRight(error) && !isMissingTable(error)) throw asAppError(error);',
    to: 'if (!isMissingRight(error) || this.isPooled === false) throw asAppError(error);',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'the grant of the verifier',
  },
  {
    defect: 'a lookup that may not use the schema is answered 500',
    file: `${DATABASE}/verification/verifier-database.ts`,
    from: ' && !isMissingTable(error)',
    to: '',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'the right to use the schema',
  },
];
