import { NOTIFICATION_KINDS, type NotificationKind } from '#notifications/words';

interface Body {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** Values that differ from run to run, as the page shows them. */
const SHOWN: Record<string, string> = {
  eventId: '0197b1f0-5c1e-7d3e-9a55-0e7f5ad0c9a1',
  tenantId: '0197b1ef-20c4-7be0-8c1f-3a6f0d2be411',
  apiKeyId: '0197b1ef-9a02-7f4c-b2d5-61c7f08e9d30',
  actorName: 'ada@acme.example',
  effectiveExpiresAt: '2026-12-28T22:30:34.000Z',
};
const TIMESTAMP = '2026-11-28T22:30:34.120Z';

const MEANINGS: Record<NotificationKind, string> = {
  API_KEY_CREATED: 'A key was made.',
  API_KEY_UPDATED: 'A key was changed. `changedMembers` names what changed.',
  API_KEY_ROTATED: 'A key got a new secret. The former secret works until the overlap ends.',
  API_KEY_ROTATION_ADOPTED: 'The new secret of a rotated key was used for the first time.',
  API_KEY_ROTATION_COMPLETED: 'Somebody ended the overlap of a rotation: the former secret no longer works.',
  API_KEY_SUSPENDED: 'A key was stopped for a while.',
  API_KEY_RESUMED: 'The suspension of a key was ended.',
  API_KEY_REVOKED: 'A key was ended for good.',
  API_KEY_TRANSFERRED: 'A key got another owner.',
  API_KEY_EXPIRING:
    'A key will stop working at `effectiveExpiresAt` if nothing changes. Sent 30, 7 and 1 days before, once each, and again after ' +
    'the end moved. A reminder that would lie before the key was made is not sent. `effectiveExpiresAt` is the earliest of the ' +
    "key's own expiry, the end of its request for approval, and the ends that the tenant's policy sets.",
  API_KEY_EXPIRED: 'The instant `effectiveExpiresAt` of a key has passed. Sent within about a minute.',
  API_KEY_LEAK_REPORTED: 'A key was found in the open and was ended for good.',
  API_KEY_USED_AFTER_REVOCATION:
    'Somebody presented a key that was ended for good. Sent at most once an hour and key; `attemptsAfterRevocation` counts all attempts.',
  API_KEY_POLICY_CHANGED: "The tenant's rules for keys were changed. The event is about no single key.",
  API_KEY_APPROVAL_REQUESTED: 'A member made a key that waits for an approval. `api_key.created` is sent as well.',
  API_KEY_APPROVED: 'An administrator approved the key of a member.',
  API_KEY_REJECTED: 'An administrator refused the key of a member, and it was ended for good.',
};

/** `docs/events.md`, made from one body of each kind. @throws {Error} for a kind without a body */
export function eventPage(bodies: readonly string[]): string {
  const read = bodies.map((body) => JSON.parse(body) as Body);
  const sections = NOTIFICATION_KINDS.map((kind) => {
    const type = kind.toLowerCase().replace('api_key_', 'api_key.');
    const body = read.find((one) => one.type === type);
    if (!body) throw new Error(`No body of the kind ${kind} has arrived.`);
    const example = JSON.stringify(asShown(body), undefined, 2);
    return `## ${type}\n\n\`${kind}\`. ${MEANINGS[kind]}\n\n\`\`\`json\n${example}\n\`\`\`\n`;
  });
  return [HEAD, ...sections].join('\n');
}

function asShown({ type, data }: Body): Body {
  const shown = Object.entries(data).map(([name, value]) => [name, value === null ? null : (SHOWN[name] ?? value)]);
  return { type, timestamp: TIMESTAMP, data: Object.fromEntries(shown) as Body['data'] };
}

const HEAD = `# Events

The kinds of events that a webhook endpoint gets, each with the body of a delivery. \`docs/webhooks.md\` describes the request around
the body, its signature and its attempts. This page is generated from deliveries that a test receives:
\`UPDATE_EVENTS=1 npm test -- test/e2e/webhook-kinds\` writes it, and the same test compares it.

- \`timestamp\` is the instant of the event. \`webhook-timestamp\` is the instant of the attempt.
- \`actorName\` is null where no person acted. \`actorKeyId\` is the key that acted, where a key acted.
- A body may get further members. Ignore those that you do not know.
`;
