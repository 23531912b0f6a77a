import { Stage } from '../support/faults/stage.js';
import { NAMES, OpenedStream, WRITE_EVENT } from '../support/event-stream.js';
import { STOP_MS } from '../support/durations.js';

describe('streams of an instance that stops', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(2);
  });
  afterAll(() => stage.stop());

  it('SIGTERM ends each stream whole with a hint to connect again, and another instance goes on without a gap', async () => {
    const [tenant] = stage.tenants;
    const [stopping, staying] = stage.instances;
    if (!tenant || !stopping || !staying) throw new Error('The stage is empty.');
    const portalOf = ({ url }: { url: string }) => ({ url: url.replace('/graphql', '') });
    const write = (name: string) => stage.cluster.database.sql(WRITE_EVENT, [tenant.id, name]);
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => OpenedStream.open(portalOf(stopping), NAMES, { session: tenant.session })),
    );
    await Promise.all(streams.map((stream) => stream.begun()));
    await write('before');
    await Promise.all(streams.map((stream) => stream.received(1)));
    const since = performance.now();
    const ended = stopping.end('SIGTERM');
    for (const stream of streams) {
      await stream.ended();
      expect(stream.isWhole).toBe(true);
      expect(stream.messages.map(({ event }) => event)).not.toContain('complete');
      expect(Number(stream.messages.at(-1)?.retry)).toBeGreaterThanOrEqual(1_000);
    }
    expect(await ended).toBe(0);
    expect(performance.now() - since).toBeLessThan(STOP_MS);
    await write('while away');
    const headers = { 'last-event-id': streams[0]?.lastId ?? '' };
    const again = await OpenedStream.open(portalOf(staying), NAMES, { session: tenant.session, headers });
    await write('after');
    await again.received(2);
    expect(again.events('apiKeyName')).toEqual(['while away', 'after']);
    again.close();
  });
});
