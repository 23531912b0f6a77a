import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../support/answer.js';
import { createKey } from '../support/given.js';
import { Stage } from '../support/faults/stage.js';
import type { Instance } from '../support/faults/instance.js';
import { until } from '../support/until.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { CREATE_ENDPOINT } from '../support/webhooks.js';

/** `KILL_ROUNDS=200 npm test -- faults/webhook-crashes --testTimeout=14400000` for a long run. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 3);
const CHANGES = 8;
/** A creation whose answer fails, so that the transaction is undone. */
const UNDONE = createKey('id usage(from: "2030-01-02T00:00:00Z", to: "2030-01-01T00:00:00Z") { start }');

describe('crashes of an instance between a change and its delivery', () => {
  let stage: Stage;
  let receiver: WebhookReceiver;
  /** Deliveries that are being answered, and those that were sent again before that. */
  const underWay = new Set<string>();
  const twiceAtOnce: string[] = [];
  beforeAll(async () => {
    receiver = await WebhookReceiver.start((request, response) => {
      const id = String(request.headers['webhook-id']);
      if (underWay.has(id)) twiceAtOnce.push(id);
      underWay.add(id);
      // A sender that was killed has closed its connection.
      response.on('close', () => underWay.delete(id));
      setTimeout(() => response.writeHead(204).end(), Math.random() * 60);
    });
    stage = await Stage.start(3, { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8' });
  });
  afterAll(async () => {
    await stage.stop();
    await receiver.stop();
  });

  const delivered = () =>
    new Set(receiver.received.map(({ body }) => (JSON.parse(body) as { data: { apiKeyId: string } }).data.apiKeyId));

  it(`an instance killed ${ROUNDS} times loses no event of an acknowledged change, and reports none of an undone one; three instances never send one delivery at the same time`, async () => {
    const [tenant] = stage.tenants;
    const session = String(tenant?.session);
    const [first] = stage.instances as [Instance];
    const made = await first.query(CREATE_ENDPOINT, {
      session,
      variables: { input: { url: receiver.url, kinds: ['API_KEY_CREATED'] } },
    });
    made.at('createWebhookEndpoint.secret');
    const acknowledged: string[] = [];
    let undone = 0;
    const create = async (victim: Instance, name: string): Promise<void> => {
      const isUndone = name.startsWith('undone');
      const variables = { input: { name, scopes: ['devices:read'] } };
      const answer: Answer | undefined = await victim
        .query(isUndone ? UNDONE : createKey('id'), { session, variables })
        .catch(() => undefined);
      if (!answer || answer.status !== 200) return;
      if (isUndone && answer.code === 'BAD_USER_INPUT') undone++;
      if (!isUndone && answer.errors.length === 0) acknowledged.push(answer.at('createApiKey.apiKey.id'));
    };
    for (let round = 0; round < ROUNDS; round++) {
      const victim = stage.instances[round % stage.instances.length] as Instance;
      const names = Array.from({ length: CHANGES }, (_, n) => `${n % 4 === 3 ? 'undone' : 'made'} ${round}.${n}`);
      const changes = names.map(async (name) => {
        await sleep(Math.random() * 400);
        await create(round % 2 ? victim : (stage.instances[(round + 1) % 3] as Instance), name);
      });
      await sleep(100 + Math.random() * 500);
      await victim.end('SIGKILL');
      await Promise.all(changes);
      await victim.restart();
    }
    // Instances that stop give back their claims; the claims that are left were those of killed instances, and end now instead of later.
    for (const instance of stage.instances) expect(await instance.end('SIGTERM')).toBe(0);
    await stage.cluster.database.sql(
      'update webhook_deliveries set claimed_until = now() where claimed_until is not null',
    );
    await Promise.all(stage.instances.map((instance) => instance.restart()));
    await until('every acknowledged change has arrived', () => {
      const seen = delivered();
      return acknowledged.every((id) => seen.has(id));
    });

    const rows = await stage.cluster.database.sql<{ id: string; name: string }>('select id, name from api_keys');
    const stored = new Map(rows.map(({ id, name }) => [id, name]));
    expect([...delivered()].filter((id) => !stored.get(id)?.startsWith('made'))).toEqual([]);
    expect(twiceAtOnce).toEqual([]);
    expect([acknowledged.length > ROUNDS, undone > 0]).toEqual([true, true]);
    if (process.env['KILL_ROUNDS'])
      process.stdout.write(
        `${ROUNDS} kills, ${acknowledged.length} acknowledged changes, 0 lost; ${undone} undone changes, 0 reported; ` +
          `${receiver.received.length} attempts, none at the same time as another of its delivery\n`,
      );
  });
});
