import { jest } from '@jest/globals';
import { LiveEvents } from './live-events.js';
import { TenantFeed } from './tenant-feed.js';

type Arguments = ConstructorParameters<typeof LiveEvents>;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('announcements of new events', () => {
  let announce: (tenantId: string | null) => void;
  let wakes: jest.SpiedFunction<TenantFeed['wake']>;
  let live: LiveEvents;
  beforeEach(() => {
    wakes = jest.spyOn(TenantFeed.prototype, 'wake');
    const trail = { begin: async () => ({ place: {}, cursor: undefined }) };
    live = new LiveEvents(trail as unknown as Arguments[0], { follow: (follower) => void (announce = follower) });
  });
  afterEach(() => wakes.mockRestore());

  const follow = (tenantId: string) => live.follow({ tenantId, memberId: null }, undefined);

  it('any number of announcements in one turn wakes each stream once, because every login may send them', async () => {
    await Promise.all(['a', 'b', 'c'].map(follow));
    for (let n = 0; n < 10_000; n++) announce(n % 2 ? 'a' : null);
    await turn();
    expect(wakes).toHaveBeenCalledTimes(3);
  });

  it('an announcement wakes the streams of its tenant', async () => {
    await Promise.all(['a', 'b'].map(follow));
    announce('a');
    announce('nobody follows this one');
    await turn();
    expect(wakes).toHaveBeenCalledTimes(1);
    announce(null);
    await turn();
    expect(wakes).toHaveBeenCalledTimes(3);
  });
});
