import type { Mutant } from './mutants.ts';

const DATABASE = 'libs/database/src';
const SPEC = 'test/faults/heartbeats.spec.ts';

/** Defects in what a heartbeat proves, and in who sends it. */
export const HEARTBEAT_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a heartbeat of anybody counts as one of an instance',
    file: `${DATABASE}/leading/heartbeat.ts`,
    from: 'return signature === signed ?',
    to: "return signature !== undefined && signed !== '' ?",
    spec: SPEC,
    only: 'which any login may send',
  },
  {
    defect: 'a heartbeat that another process sends again counts',
    file: `${DATABASE}/leading/heartbeat.ts`,
    from: "hash('sha256', [secret, processId, sender, position].join(' '))",
    to: "hash('sha256', [secret, processId > 0 ? 4711 : 0, sender, position].join(' '))",
    spec: `${DATABASE}/leading/heartbeat.spec.ts`,
  },
  {
    defect: 'a heartbeat of another server with the same data counts',
    file: `${DATABASE}/leading/heartbeat.ts`,
    from: "createHmac('sha256', key).update(place)",
    to: "createHmac('sha256', key).update(place.slice(0, 0))",
    spec: `${DATABASE}/leading/heartbeat.spec.ts`,
  },
  {
    defect: 'a heartbeat proves what was asked after the log had grown',
    file: `${DATABASE}/invalidation/invalidation-link.ts`,
    from: 'position !== undefined && position <= last.position && sentAt <= last.at',
    to: 'position !== undefined && sentAt <= last.at',
    spec: SPEC,
    only: 'the log has grown',
  },
  {
    defect: 'a heartbeat proves what was asked after it had come',
    file: `${DATABASE}/invalidation/invalidation-link.ts`,
    from: ' && sentAt <= last.at',
    to: '',
    spec: SPEC,
    only: 'received before the question',
  },
  {
    defect: 'a heartbeat proves what another server has answered',
    file: `${DATABASE}/invalidation/invalidation-link.ts`,
    from: 'if (place !== here.place) return;',
    to: '',
    spec: SPEC,
    only: 'another server answers',
  },
  {
    defect: 'two databases of one server are one place',
    file: `${DATABASE}/verification/verifier-database.ts`,
    from: 'placeOf(server.startedAt, database)',
    to: 'placeOf(server.startedAt, database.slice(0, 4))',
    spec: SPEC,
    only: 'are two places',
  },
  {
    defect: 'every instance sends heartbeats',
    file: `${DATABASE}/invalidation/heartbeat-turn.ts`,
    from: 'if (sender < this.id) this.seniorHeardAt = now;',
    to: 'if (sender < this.id) this.seniorHeardAt = now - 1_000;',
    spec: SPEC,
    only: 'one instance sends',
  },
  {
    defect: 'nobody takes the place of the instance that sent the heartbeats',
    file: `${DATABASE}/invalidation/heartbeat-turn.ts`,
    from: 'return now - this.seniorHeardAt > this.patienceMs;',
    to: 'return now - this.seniorHeardAt > this.patienceMs && this.seniorHeardAt === -Infinity;',
    spec: SPEC,
    only: 'stay proven',
  },
  {
    defect: 'every role reads the key of heartbeats',
    file: `${DATABASE}/migrations/20261129050000-heartbeat-key.ts`,
    from: 'grant select on "heartbeat_key" to portal_verifier',
    to: 'grant select on "heartbeat_key" to public',
    spec: SPEC,
    only: 'portal_verifier alone',
  },
];
