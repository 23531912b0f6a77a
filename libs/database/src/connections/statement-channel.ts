import { tracingChannel } from 'node:diagnostics_channel';
import { ContainedClient } from './contained-client.js';

/** A statement that is about to be sent. Values are sent separately from the text and are not published. */
export interface StatementMessage {
  readonly text: string;
  /** The name of a verifier's statement. */
  readonly name?: string;
}

/** Publishes each statement of a request, as it begins and ends. Costs nothing while nobody subscribes. */
export const statementChannel = tracingChannel<unknown, StatementMessage>('latchkey:statement');

/** Runs `work`, which sends the statement. */
export function publishStatement<Result>(message: StatementMessage, work: () => Promise<Result>): Promise<Result> {
  return statementChannel.hasSubscribers ? statementChannel.tracePromise(work, message) : work();
}

/** A client whose statements are published. */
export class PublishingClient extends ContainedClient {
  /** A call with a callback comes from the pool itself and is not published. */
  override query(...parts: unknown[]): never {
    const send = super.query as (...parts: unknown[]) => unknown;
    const text = textOf(parts[0]);
    const isPublished = statementChannel.hasSubscribers && text !== undefined && typeof parts.at(-1) !== 'function';
    const sent = isPublished
      ? statementChannel.tracePromise(async () => send.apply(this, parts), { text })
      : send.apply(this, parts);
    return sent as never;
  }
}

function textOf(query: unknown): string | undefined {
  const text = typeof query === 'string' ? query : (query as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text : undefined;
}
