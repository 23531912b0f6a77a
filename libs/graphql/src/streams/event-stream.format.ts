/** Messages of GraphQL over Server-Sent Events, in the mode of distinct connections. */

export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** `data` is empty and present: browsers drop an event without data. */
export const COMPLETE = 'event: complete\ndata:\n\n';
/** A comment, which keeps proxies from closing a quiet connection. */
export const HEARTBEAT = ':\n\n';

/** @param result JSON without line breaks @param id the place to go on from, which the client sends as `Last-Event-ID` */
export function nextEvent(result: string, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: next\ndata: ${result}\n\n`;
}

/** Without data: clients keep the id and report no event. */
export const placeEvent = (id: string): string => `id: ${id}\n\n`;

/** Asks the client to connect again after this time. */
export function reconnectHint(afterMs: number): string {
  return `retry: ${Math.round(afterMs)}\n\n`;
}
