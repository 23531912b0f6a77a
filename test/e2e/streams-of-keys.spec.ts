import { Module } from '@nestjs/common';
import { Resolver, Subscription } from '@nestjs/graphql';
import { RequireScopes } from '#access';
import { type StreamItem, streamItems } from '#graphql';
import { OpenedStream } from '../support/event-stream.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** A place to go on from, and then nothing for as long as the stream is open. */
function silence(): AsyncIterable<StreamItem<string>> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return streamItems('begun', { next: () => promise, end: () => resolve(undefined) });
}

@Resolver()
class DeviceChangesResolver {
  @Subscription(() => String, { resolve: (value: string) => value })
  @RequireScopes('devices:read')
  deviceChanges(): AsyncIterable<StreamItem<string>> {
    return silence();
  }
}

@Module({ providers: [DeviceChangesResolver] })
class DeviceChangesModule {}

describe('streams that a room opens to keys', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start({ imports: [DeviceChangesModule] });
  });
  afterAll(() => api.stop());

  const open = (key: string) => OpenedStream.open(api, 'subscription { deviceChanges }', { key });

  it('a stream ends when its key expires, though nothing happens meanwhile', async () => {
    const { id, secret } = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.database.sql(`update api_keys set expires_at = now() + interval '2 seconds' where id = $1`, [id]);
    const stream = await open(secret);
    await until('the stream has begun', () => stream.lastId === 'begun');
    expect((await stream.ended()).reason).toBe('UNAUTHENTICATED EXPIRED_KEY');
  });

  it('a stream is refused to a key that lacks its scope, before it begins', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    expect((await open(secret)).status).toBe(403);
  });

  it('the streams of a key are counted by the key', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['devices:read'] });
    const streams = await Promise.all(Array.from({ length: 11 }, () => open(secret)));
    expect(streams.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    for (const stream of streams) stream.close();
  });
});
