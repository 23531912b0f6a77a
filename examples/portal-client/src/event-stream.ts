/** One message of an event stream. */
export interface StreamMessage {
  event: string | undefined;
  data: string | undefined;
  /** The place to go on from: the header `Last-Event-ID` of the next request. */
  id: string | undefined;
  /** After this time the client should connect again. */
  retryMs: number | undefined;
}

/** The messages of an answer as they come. Ending the loop closes the connection. */
export async function* messagesIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n');
    rest = blocks.pop() ?? '';
    yield* blocks.map(messageOf);
  }
}

function messageOf(block: string): StreamMessage {
  const valueOf = (field: string) => new RegExp(`^${field}: ?(.+)$`, 'm').exec(block)?.[1];
  const retry = valueOf('retry');
  return {
    event: valueOf('event'),
    data: valueOf('data'),
    id: valueOf('id'),
    retryMs: retry === undefined ? undefined : Number(retry),
  };
}
