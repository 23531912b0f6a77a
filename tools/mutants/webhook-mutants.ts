import type { Mutant } from './mutants.ts';

const WEBHOOKS = 'libs/notifications/src/webhooks';
const DELIVERIES = 'test/e2e/webhook-deliveries.spec.ts';
const ENDPOINTS = 'test/e2e/webhook-endpoints.spec.ts';
const NOTICES = 'test/e2e/key-notices.spec.ts';
const MAILS = 'test/e2e/mails.spec.ts';
const REQUEST = `${WEBHOOKS}/webhook-request.spec.ts`;

/** Defects in what is sent to the webhook endpoints of a tenant, and where to. */
export const WEBHOOK_MUTANTS: readonly Mutant[] = [
  {
    defect: 'one allowed address of a name is enough',
    file: `${WEBHOOKS}/webhook-request.ts`,
    from: '!addresses.every(',
    to: '!addresses.some(',
    spec: REQUEST,
    only: 'is not connected to',
  },
  {
    defect: 'the connection looks the name up again',
    file: `${WEBHOOKS}/webhook-request.ts`,
    from: "{ method: 'POST', headers, lookup, signal, agent: false }",
    to: "{ method: 'POST', headers, signal, agent: false }",
    spec: REQUEST,
    only: 'is not looked up again',
  },
  {
    defect: 'an event is sent before the earlier events of its key are over',
    file: `${WEBHOOKS}/delivery-claims.sql.ts`,
    from: '(delivery.api_key_id is null or delivery.id',
    to: '(true or delivery.id',
    spec: DELIVERIES,
    only: 'hangs or floods',
  },
  {
    defect: 'a claim of deliveries reads every delivery there is',
    file: `${WEBHOOKS}/delivery-claims.sql.ts`,
    from: `set_config('enable_seqscan', 'off', true)`,
    to: `'on'`,
    spec: 'test/e2e/webhook-backlog.spec.ts',
  },
  {
    defect: 'a claimed delivery is claimed again',
    file: `${WEBHOOKS}/delivery-claims.sql.ts`,
    from: 'and (delivery.claimed_until is null or delivery.claimed_until <= now())',
    to: '',
    spec: DELIVERIES,
    only: 'hangs or floods',
  },
  {
    defect: 'only the newest secret signs',
    file: `${WEBHOOKS}/webhook-secret.format.ts`,
    from: 'return secrets\n    .map(',
    to: 'return secrets\n    .slice(0, 1)\n    .map(',
    spec: DELIVERIES,
    only: 'two secrets sign',
  },
  {
    defect: 'a reminder from before the term of a key is due',
    file: 'libs/notifications/src/notices/due-notices.rules.ts',
    from: 'return at > since.getTime() && at',
    to: 'return at',
    spec: NOTICES,
    only: 'shorter time than a reminder',
  },
  {
    defect: 'an end that moved is not reported again',
    file: 'libs/notifications/src/notices/expiry-notices.sql.ts',
    from: 'where known.ends_at <> excluded.ends_at',
    to: 'where false',
    spec: NOTICES,
    only: 'again after the end moved',
  },
  {
    defect: 'every use after a revocation is reported',
    file: 'libs/notifications/src/migrations/20261129010000-key-notices.ts',
    from: "where known.noticed_at <= now() - interval '1 hour'",
    to: '',
    spec: NOTICES,
    only: 'once an hour',
  },
  {
    defect: 'a mail is sent to a person who was deactivated',
    file: 'libs/tenancy/src/tenant-directory.ts',
    from: `.where('isActive', '=', true)`,
    to: '',
    spec: MAILS,
    only: 'deactivated after it was written',
  },
  {
    defect: 'the name of a key is HTML in a mail',
    file: 'libs/notifications/src/mail/mail-text.rules.ts',
    from: '`<p>${escaped(line)}</p>`',
    to: '`<p>${line}</p>`',
    spec: MAILS,
    only: 'adds no recipient',
  },
  {
    defect: 'the mail of a disabled endpoint shows its whole address',
    file: `${WEBHOOKS}/delivery-claims.sql.ts`,
    from: 'host: new URL(claim.url).host',
    to: 'host: claim.url',
    spec: MAILS,
    only: 'a disabled endpoint to the administrators',
  },
  {
    defect: 'a mail that the server refuses for good is tried again',
    file: 'libs/notifications/src/mail/mail-attempts.rules.ts',
    from: 'if (isFinal || ',
    to: 'void isFinal;\n  if (',
    spec: MAILS,
    only: 'server defers',
  },
  {
    defect: 'requests may read the secrets of webhooks',
    file: 'libs/notifications/src/migrations/20261128220000-webhooks.ts',
    from: 'grant select ("id", "tenant_id", "endpoint_id", "expires_at", "created_at"),',
    to: 'grant select,',
    spec: ENDPOINTS,
    only: 'no role of a request',
  },
  {
    defect: 'a webhook secret is made although its answer fails',
    file: `${WEBHOOKS}/webhook-endpoint.service.ts`,
    from: 'if (check) await this.database.joining(session, by, () => check(made));',
    to: 'void check;',
    spec: ENDPOINTS,
    only: 'whose answer fails',
  },
];
