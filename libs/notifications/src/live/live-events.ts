import { Inject, Injectable } from '@nestjs/common';
import { LiveTrail } from '#api-keys';
import { InvalidationChannel, type TenantBound } from '#database';
import { FollowedTrail } from './followed-trail.js';
import { TenantFeed } from './tenant-feed.js';

/** Follows audit trails, woken by the announcements of the database: of events that any program has written. */
@Injectable()
export class LiveEvents {
  /** By tenant, and within the tenant by member. */
  private readonly feeds = new Map<string | null, Map<string | null, TenantFeed>>();
  /** Tenants whose feeds are woken at the end of this turn of the event loop. */
  private readonly announced = new Set<string | null>();
  private areAllAnnounced = false;

  constructor(
    private readonly trail: LiveTrail,
    @Inject(InvalidationChannel) invalidations: Pick<InvalidationChannel, 'follow'>,
  ) {
    invalidations.follow((tenantId) => this.note(tenantId));
  }

  /**
   * The events of the tenant as they become visible, each once and none missed.
   * @param cursor the place to go on from; undefined: the present
   * @returns the events, and the cursor of the place before the first of them
   * @throws {InvalidInput} INVALID_CURSOR
   * @throws {ServiceUnavailable}
   */
  async follow(
    { tenantId, memberId = null }: TenantBound,
    cursor: string | undefined,
  ): Promise<{ events: FollowedTrail; cursor: string | undefined }> {
    const by = { tenantId, memberId };
    const feed = this.join(by);
    const wokenBefore = feed.woken;
    const leave = () => this.leave(by, feed);
    try {
      const begin = await this.trail.begin(by, cursor);
      const position = { place: begin.place, wokenBefore };
      return { events: new FollowedTrail(position, cursor !== undefined, feed, leave), cursor: begin.cursor };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Any login of the database may announce, so a flood of announcements must cost no more than a few. */
  private note(tenantId: string | null): void {
    if (tenantId !== null && !this.feeds.has(tenantId)) return;
    if (this.announced.size === 0 && !this.areAllAnnounced) setImmediate(() => this.wakeAnnounced());
    if (tenantId === null) this.areAllAnnounced = true;
    else this.announced.add(tenantId);
  }

  private wakeAnnounced(): void {
    const tenants = this.areAllAnnounced ? this.feeds.keys() : this.announced;
    for (const tenant of tenants) for (const feed of this.feeds.get(tenant)?.values() ?? []) feed.wake();
    this.announced.clear();
    this.areAllAnnounced = false;
  }

  private join(by: Required<TenantBound>): TenantFeed {
    const ofTenant = this.feeds.get(by.tenantId) ?? new Map<string | null, TenantFeed>();
    this.feeds.set(by.tenantId, ofTenant);
    const feed = ofTenant.get(by.memberId) ?? new TenantFeed(by, this.trail);
    ofTenant.set(by.memberId, feed);
    feed.followers++;
    return feed;
  }

  private leave({ tenantId, memberId }: Required<TenantBound>, feed: TenantFeed): void {
    if (--feed.followers > 0) return;
    const ofTenant = this.feeds.get(tenantId);
    ofTenant?.delete(memberId);
    if (ofTenant?.size === 0) this.feeds.delete(tenantId);
  }
}
