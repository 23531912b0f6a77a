import { Answer } from './answer.js';
import { OpenedStream, WRITE_EVENT } from './event-stream.js';
import { isLost, type Operation, type Step } from './isolation-steps.js';
import type { TenantModel } from './tenant-model.js';
import { until } from './until.js';

const DOCUMENT = 'subscription { apiKeyEvents { id apiKeyId apiKeyName actorName actor { id } } }';
/** Streams of one tenant that stay open while other requests are sent. */
const OPEN = 2;

/** Streams that begin where another tenant's events are, and stay open during the requests that follow. */
export class IsolationStreams {
  /** Events that streams showed before they were closed. */
  shown = 0;
  private readonly open = new Map<TenantModel, OpenedStream[]>();
  private readonly places = new Map<TenantModel, string>();

  /** Opens a stream, and answers with all that an earlier one of the tenant has shown. */
  readonly operation: Operation = async ({ api, by, other }) => {
    const place = this.places.get(other);
    const headers: Record<string, string> = place === undefined ? {} : { 'last-event-id': place };
    const stream = await OpenedStream.open(api, DOCUMENT, { session: by.admin.session, headers });
    await until('the stream begins or ends', () => stream.lastId !== undefined || stream.endedAt !== undefined);
    if (stream.lastId !== undefined) this.places.set(by, stream.lastId);
    const streams = this.open.get(by) ?? [];
    this.open.set(by, [...streams, stream]);
    return streams.length < OPEN ? undefined : this.close(by);
  };

  /** Opens a stream, and waits until it shows a change: streams that all showed nothing would prove nothing. */
  async showOne({ api, by }: Step): Promise<void> {
    const stream = await OpenedStream.open(api, DOCUMENT, { session: by.admin.session });
    this.open.set(by, [...(this.open.get(by) ?? []), stream]);
    await until('the stream begins', () => stream.lastId !== undefined);
    await api.database.sql(WRITE_EVENT, [by.tenant.id, `${by.mark}last`]);
    await until('the stream shows a change', () => stream.events('id').length > 0);
  }

  /** Closes the oldest stream of a tenant. @returns all that it has shown; undefined if none is left */
  close(by: TenantModel): Answer | undefined {
    const stream = this.open.get(by)?.shift();
    if (!stream) return undefined;
    stream.close();
    this.shown += stream.events('id').length;
    if (stream.status === 200) return new Answer(200, new Headers(), JSON.stringify({ data: { shown: stream.raw } }));
    const refused = new Answer(stream.status, new Headers(), stream.raw);
    expect(isLost(refused)).toBe(true);
    return refused;
  }
}
