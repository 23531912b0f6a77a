import type { Mutant } from './mutants.ts';

const STREAMS = 'libs/graphql/src/streams';
const GUARD = 'libs/api-keys/src/guard';
const AUDIT = 'libs/api-keys/src/audit';
const LIVE = 'libs/notifications/src/live';
const ORDER = 'test/faults/stream-order.spec.ts';
const CREDENTIALS = 'test/faults/stream-credentials.spec.ts';
const BOUNDS = 'test/faults/stream-bounds.spec.ts';
const E2E = 'test/e2e/event-streams.spec.ts';

/** Defects in live streams of events. */
export const STREAM_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a stream shows events before its credential is confirmed',
    file: `${STREAMS}/subscription.ts`,
    from: 'if (!(await isConfirmed())) return;',
    to: 'void isConfirmed();',
    spec: CREDENTIALS,
    only: 'however long its verification takes',
  },
  {
    defect: 'a change of the user does not concern its streams',
    file: `${GUARD}/watched-credential.ts`,
    from: 'ids.has(principal.userId) ||',
    to: '',
    spec: CREDENTIALS,
    only: 'its user is deactivated',
  },
  {
    defect: 'a stream goes on with rights that its user has no more',
    file: `${GUARD}/watched-credential.ts`,
    from: 'if (!hasSameRights(principal, this.principal))',
    to: 'if (false)',
    spec: CREDENTIALS,
    only: 'another role',
  },
  {
    defect: 'a stream outlives its session',
    file: `${GUARD}/watched-credential.ts`,
    from: 'if (leftMs <= 0) return this.check();',
    to: 'if (leftMs <= 0) return;',
    spec: CREDENTIALS,
    only: 'ends when its session does',
  },
  {
    defect: 'credentials are not verified while changes are not heard',
    file: `${GUARD}/credential-watch.ts`,
    from: 'if (!isProven || !credential.knowsItsEnd) credential.check();',
    to: 'if (!credential.knowsItsEnd) credential.check();',
    spec: CREDENTIALS,
    only: 'tries for long',
  },
  {
    defect: 'an event of a transaction that commits late is passed over',
    file: `${AUDIT}/trail.sql.ts`,
    from: 'where xact >= ${String(seen.xmin)}::xid8',
    to: 'where xact >= ${String(seen.xmax)}::xid8',
    spec: ORDER,
    only: 'commits late',
  },
  {
    defect: 'a reading ends where an earlier one began',
    file: `${AUDIT}/trail.sql.ts`,
    from: 'and not (${isPassed ?? sql`false`})',
    to: '',
    spec: ORDER,
    only: 'more than one reading',
  },
  {
    defect: 'restored events look new',
    file: `${AUDIT}/trail.sql.ts`,
    from: `and at > \${takenAt}::timestamptz - interval '1 hour'`,
    to: '',
    spec: ORDER,
    only: 'restored',
  },
  {
    defect: 'the place of another tenant is taken',
    file: `${AUDIT}/trail-place.rules.ts`,
    from: `cursorBinding(['api_key_events as they come', tenantId, system])`,
    to: `cursorBinding(['api_key_events as they come', tenantId === null, system])`,
    spec: ORDER,
    only: 'of another tenant',
  },
  {
    defect: 'streams are not woken after a doubt about the connection',
    file: 'libs/database/src/invalidation/invalidation-channel.ts',
    from: 'this.announce(null);',
    to: '',
    spec: CREDENTIALS,
    only: 'not heard',
  },
  {
    defect: 'a member shares the readings of the whole tenant',
    file: `${LIVE}/live-events.ts`,
    from: 'const by = { tenantId, memberId };',
    to: 'const by = { tenantId, memberId: memberId && null };',
    spec: 'test/e2e/stream-isolation.spec.ts',
    only: 'none of anybody else',
  },
  {
    defect: 'the filter of a stream is not applied',
    file: `${LIVE}/live-events.resolver.ts`,
    from: 'if (admits(wanted, event))',
    to: 'if (admits({}, event))',
    spec: E2E,
    only: 'a filter admits',
  },
  {
    defect: 'a subscription runs without a stream',
    file: `${STREAMS}/stream-requests.ts`,
    from: `operation?.operation === 'subscription' && !isStreamRequest(req)`,
    to: `operation?.operation === 'subscription' && false`,
    spec: E2E,
    only: 'without Accept',
  },
  {
    defect: 'a client that does not read is waited for without an end',
    file: `${STREAMS}/event-stream.ts`,
    from: `setTimeout(() => this.cut('slow'), this.stallMs)`,
    to: `setTimeout(() => undefined, this.stallMs)`,
    spec: BOUNDS,
    only: 'does not read',
  },
  {
    defect: 'a principal has as many streams as it likes',
    file: `${STREAMS}/open-streams.ts`,
    from: 'return held >= perPrincipal',
    to: 'return held < 0',
    spec: `${STREAMS}/open-streams.spec.ts`,
    only: 'as soon as one of its own ends',
  },
  {
    defect: 'a stream ends when the time of an answer is over',
    file: 'apps/portal/src/http/unread-answers.ts',
    from: 'if (payload instanceof Readable) return done();',
    to: '',
    spec: BOUNDS,
    only: 'behind an answer',
  },
  {
    defect: 'a stream outlives the key that expires',
    file: `${GUARD}/credential-watch.ts`,
    from: 'if (!isProven || !credential.knowsItsEnd) credential.check();',
    to: 'if (!isProven) credential.check();',
    spec: 'test/e2e/streams-of-keys.spec.ts',
    only: 'when its key expires',
  },
];
