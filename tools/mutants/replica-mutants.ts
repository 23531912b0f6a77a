import type { Mutant } from './mutants.ts';

const DATABASE = 'libs/database/src';
const SPEC = 'test/faults/replica-reads.spec.ts';

/** Defects in what replicas may answer. */
export const REPLICA_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a replica answers without the writes that the token of a query names',
    file: `${DATABASE}/positions/consistency.ts`,
    from: 'required = laterOf(required, position);',
    to: '',
    spec: SPEC,
    only: 'a client finds its own writes beside a replica',
  },
  {
    defect: 'a replica answers whatever it lacks of the last 1.5 s',
    file: `${DATABASE}/positions/wal-position.ts`,
    from: '      ?.position;',
    to: '      && { timeline, lsn: 0n };',
    spec: SPEC,
    only: 'made 1.5 s before',
  },
  {
    defect: 'a read that fails on a replica is not asked of the primary',
    file: `${DATABASE}/replicas/replica-reads.ts`,
    from: "if (!(error instanceof NotOnReplica)) return 'failed';",
    to: 'if (!(error instanceof NotOnReplica)) throw error;',
    spec: SPEC,
    only: 'answers go on',
  },
  {
    defect: 'a read that a replica is too late for is not asked of the primary',
    file: `${DATABASE}/replicas/replica-reads.ts`,
    from: "return error.state === 'behind' ? 'behind' : 'away';\n    }",
    to: 'throw error;\n    }',
    spec: SPEC,
    only: 'a client finds its own writes beside a replica',
  },
  {
    defect: 'requests ask a replica that is away',
    file: `${DATABASE}/replicas/replica-reads.ts`,
    from: "if (state !== 'in use') return",
    to: "if (state === 'off') return",
    spec: SPEC,
    only: 'answers go on',
  },
  {
    defect: 'a mutation reads from replicas',
    file: `${DATABASE}/tenant-database.ts`,
    from: 'if (!this.consistency.isQuery) return this.readOnce(by, work);',
    to: 'if (!this.consistency.isOn) return this.read(by, work);',
    spec: SPEC,
    only: 'whatever a change is judged by',
  },
  {
    defect: 'another database is read',
    file: `${DATABASE}/replicas/read-replica.ts`,
    from: "if (system !== leader.system) throw new NotOnReplica('another database');",
    to: '',
    spec: SPEC,
    only: 'another database is never read',
  },
  {
    defect: 'a replica that was promoted beside its primary is read',
    file: `${DATABASE}/replicas/read-replica.ts`,
    from: 'if (!isStandby || timeline !== required.timeline || !isReplayed)',
    to: 'if (timeline !== required.timeline || !isReplayed)',
    spec: SPEC,
    only: 'promoted beside its primary',
  },
  {
    defect: 'a replica answers the rest of a query whose first read the primary answered',
    file: `${DATABASE}/positions/consistency.ts`,
    from: "if (operation.isOnPrimary) return 'query on primary';",
    to: '',
    spec: SPEC,
    only: 'all reads of a query after its first one',
  },
  {
    defect: 'a later read of a query shows less than an earlier one',
    file: `${DATABASE}/positions/consistency.ts`,
    from: 'let required = seen ? laterOf(bound, seen) : bound;',
    to: 'let required = bound;',
    spec: SPEC,
    only: 'what an earlier one saw',
  },
  {
    defect: 'positions for replicas are asked where there are none',
    file: `${DATABASE}/positions/consistency.ts`,
    from: 'this.isOn = readUrl !== undefined;',
    to: "this.isOn = readUrl !== '';",
    spec: 'test/faults/transactions.spec.ts',
    only: 'without replicas',
  },
];
