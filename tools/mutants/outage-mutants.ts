import type { Mutant } from './mutants.ts';

const DATABASE = 'libs/database/src';

/** Defects in what happens when the database, or the way to it, fails. */
export const OUTAGE_MUTANTS: readonly Mutant[] = [
  {
    defect: 'an embedded server that was killed stays ended',
    file: 'libs/embedded-server/src/embedded-server.ts',
    from: 'startAgain: startsAgain ? () => start(port) : undefined,',
    to: 'startAgain: startsAgain && port === 0 ? () => start(port) : undefined,',
    spec: 'test/faults/embedded-server-killed.spec.ts',
    only: 'by kill -9',
  },
  {
    defect: 'an embedded server is tried to be started again once',
    file: 'libs/embedded-server/src/kept-server.ts',
    from: 'while (await this.paused()) {',
    to: 'if (await this.paused()) {',
    spec: 'test/faults/embedded-server-killed.spec.ts',
    only: 'as soon as it can start',
  },
  {
    defect: 'a lookup that finds nothing proves nothing',
    file: `${DATABASE}/verifier-database.ts`,
    from: 'if (found < wanted || !this.rowSecurity.isWhole)',
    to: 'if (!this.rowSecurity.isWhole)',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'never seen',
  },
  {
    defect: 'a lookup of many keys proves nothing where it finds one',
    file: `${DATABASE}/verifier-database.ts`,
    from: 'await this.prove(rows.length, wanted, client);\n      return rows;\n    });\n  }\n\n  private async selectThroughPooler',
    to: 'await this.prove(rows.length, Math.min(wanted, 1), client);\n      return rows;\n    });\n  }\n\n  private async selectThroughPooler',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'together with others',
  },
  {
    defect: 'the catalogue is not checked beside heartbeats',
    file: `${DATABASE}/verifier-database.ts`,
    from: 'if (this.rowSecurity.isDue) await this.rowSecurity.run(client);',
    to: '',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'rules of tenants cannot be seen',
  },
  {
    defect: 'what is remembered outlives the loss of a policy',
    file: `${DATABASE}/invalidation-channel.ts`,
    from: `verifier.rowSecurity.onLoss(() => this.publish({ kind: 'all' }));`,
    to: '',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'rules of tenants cannot be seen',
  },
  {
    defect: 'a missing grant of the verifier is a bug',
    file: `${DATABASE}/verifier-database.ts`,
    from: 'if (!isMissingRight(error)) throw asAppError(error);',
    to: 'if (!isMissingRight(error) || this.isPooled === false) throw asAppError(error);',
    spec: 'test/e2e/lost-policies.spec.ts',
    only: 'the grant of the verifier',
  },
];
