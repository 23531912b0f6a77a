import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Answer } from './answer.js';
import { noteSecrets } from './evidence.js';
import type { TestPortal } from './test-portal.js';
import { until } from './until.js';

export interface StreamMessage {
  event?: string;
  id?: string;
  retry?: string;
  /** Parsed; undefined for an empty one. */
  data?: { data?: Record<string, unknown> | null; errors?: { message: string; extensions: Record<string, unknown> }[] };
}

export interface StreamAsk {
  session?: string;
  key?: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  method?: 'GET' | 'POST';
}

/** Writes an event of a tenant, with a name that a test finds again. */
export const WRITE_EVENT = `insert into api_key_events (tenant_id, kind, api_key_name) values ($1, 'UPDATED', $2)`;
/** Follows the names of events. */
export const NAMES = 'subscription { apiKeyEvents { apiKeyName } }';
export const EVENTS = `subscription ($filter: ApiKeyEventFilter) {
  apiKeyEvents(filter: $filter) { id kind apiKeyId apiKeyName actorName ip actor { email } }
}`;

/** A stream as a client sees it: what has arrived so far, and whether the server has ended the answer. */
export class OpenedStream {
  readonly messages: StreamMessage[] = [];
  comments = 0;
  /** Set when the answer is over, in whatever way. */
  endedAt: number | undefined;
  /** True if the answer was complete, false if its connection broke. */
  isWhole = false;
  private readonly chunks: string[] = [];
  /** The begin of a message whose end has not come yet. */
  private rest = '';

  private constructor(
    private readonly sent: ClientRequest,
    readonly answer: IncomingMessage,
  ) {
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => this.take(chunk));
    answer.on('error', () => undefined);
    answer.on('close', () => {
      this.isWhole = answer.complete;
      this.endedAt = performance.now();
    });
  }

  static open(
    { url }: Pick<TestPortal, 'url'>,
    query: string,
    { session, key, variables, headers, method = 'POST' }: StreamAsk = {},
  ): Promise<OpenedStream> {
    const credential = session ?? key;
    const body = JSON.stringify({ query, variables });
    const parameters = new URLSearchParams({ query, ...(variables && { variables: JSON.stringify(variables) }) });
    const target = new URL(`${url}/graphql${method === 'GET' ? `?${parameters.toString()}` : ''}`);
    return new Promise((resolve, reject) => {
      const sent = request(target, {
        method,
        agent: false,
        headers: {
          accept: 'text/event-stream',
          ...(method === 'POST' && { 'content-type': 'application/json' }),
          ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
          ...headers,
        },
      });
      sent.on('response', (answer) => resolve(new OpenedStream(sent, answer)));
      sent.on('error', reject);
      sent.end(method === 'POST' ? body : undefined);
      if (credential !== undefined) noteSecrets(credential, '');
    });
  }

  get status(): number {
    return this.answer.statusCode ?? 0;
  }

  /** Everything that came, as text. */
  get raw(): string {
    return this.chunks.join('');
  }

  get nexts(): StreamMessage[] {
    return this.messages.filter(({ event }) => event === 'next');
  }

  /** A member of `apiKeyEvents` of each result. */
  events(member = 'kind'): unknown[] {
    return this.nexts.flatMap(({ data }) => {
      const event = data?.data?.['apiKeyEvents'] as Record<string, unknown> | null | undefined;
      return event ? [event[member]] : [];
    });
  }

  get lastId(): string | undefined {
    return this.messages.findLast(({ id }) => id !== undefined)?.id;
  }

  /** Code and reason of the last error that came. */
  get reason(): string | undefined {
    const { code, reason } = this.nexts.at(-1)?.data?.errors?.[0]?.extensions ?? {};
    return code === undefined ? undefined : [code, reason].filter((word) => word !== undefined).join(' ');
  }

  /** Waits until the server has ended the answer. */
  async ended(withinMs?: number): Promise<this> {
    await until('the server ends the stream', () => this.endedAt !== undefined, withinMs);
    return this;
  }

  /** Waits until the stream has begun: what is committed from then on will come. @returns the place where it begins */
  async begun(): Promise<string> {
    await until('the stream has begun', () => this.lastId !== undefined);
    return this.lastId ?? '';
  }

  /** Waits until `count` results have come. */
  async received(count: number): Promise<this> {
    await until(`${count} results have come`, () => this.nexts.length >= count);
    return this;
  }

  close(): void {
    this.sent.destroy();
  }

  private take(chunk: string): void {
    this.chunks.push(chunk);
    const blocks = `${this.rest}${chunk}`.split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block === ':') this.comments++;
      else this.messages.push(messageIn(block));
    }
  }
}

/** Opens streams for the tests of a block, and closes them after each test. */
export function useStreams(): typeof OpenedStream.open {
  const opened: OpenedStream[] = [];
  afterEach(() => {
    for (const stream of opened.splice(0)) stream.close();
  });
  return async (...parts) => {
    const stream = await OpenedStream.open(...parts);
    opened.push(stream);
    return stream;
  };
}

function messageIn(block: string): StreamMessage {
  const message: Record<string, unknown> = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    message[name] = name === 'data' ? (value === '' ? undefined : (JSON.parse(value) as unknown)) : value;
  }
  return message as StreamMessage;
}

/** Whether a stream begins: its refusal, or an answer that says that it is open. */
export async function askStream(portal: Pick<TestPortal, 'url'>, query: string, ask: StreamAsk): Promise<Answer> {
  const stream = await OpenedStream.open(portal, query, ask);
  if (stream.status !== 200) await stream.ended();
  else await until('the stream begins', () => stream.lastId !== undefined || stream.reason !== undefined);
  stream.close();
  const isOpen = stream.status === 200 && stream.reason === undefined;
  return new Answer(stream.status, new Headers(), isOpen ? '{"data":{"apiKeyEvents":"open"}}' : stream.raw);
}
