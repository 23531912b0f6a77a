import { connect, type Socket } from 'node:net';
import { Answer } from './answer.js';
import { until } from './until.js';
import { resetSocket } from './reset-socket.js';

const LINE_END = '\r\n';

export interface RawRequest {
  method?: string;
  target?: string;
  /** Lines as they go out, after the defaults; those of the same name give way. */
  headers?: readonly string[];
  /** Names of defaults that are left out. */
  without?: readonly string[];
  body?: string | Uint8Array;
}

/** An HTTP/1.1 request as bytes. Text is latin-1, one byte a character, but for the body, which is UTF-8. */
export function rawRequest({
  method = 'POST',
  target = '/graphql',
  headers = [],
  without = [],
  body = '',
}: RawRequest = {}): Buffer {
  const bytes = Buffer.from(body);
  const defaults = [
    'host: portal.test',
    'content-type: application/json',
    'accept: application/graphql-response+json',
    `content-length: ${bytes.length}`,
  ];
  const taken = new Set([...headers.map(nameOf), ...without]);
  const lines = [...defaults.filter((line) => !taken.has(nameOf(line))), ...headers];
  const head = [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join(LINE_END);
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** The body of a GraphQL request. */
export function operation(query: string, variables?: Record<string, unknown>): string {
  return JSON.stringify({ query, variables });
}

/** One TCP connection to a portal, for what `fetch` refuses to send. */
export class RawConnection {
  /** The server has ended or reset it. */
  isClosed = false;
  private readonly chunks: Buffer[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.chunks.push(chunk));
    for (const event of ['end', 'close']) socket.on(event, () => (this.isClosed = true));
    // A reset is an answer here, too; 'close' follows.
    socket.on('error', () => undefined);
  }

  /** @param isReading false for a client that takes nothing of what is sent to it */
  static open(url: string, { isReading = true } = {}): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        if (!isReading) socket.pause();
        resolve(new RawConnection(socket));
      });
    });
  }

  /** @param bytes text goes out as latin-1 */
  send(bytes: string | Uint8Array): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** Ends this side, once all is sent. */
  end(): this {
    this.socket.end();
    return this;
  }

  /** Sends, and returns whether the bytes left this process. */
  sent(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => this.socket.write(bytes, (error) => resolve(!error)));
  }

  /** The whole answers received so far, without informational ones (1xx). */
  get answers(): Answer[] {
    return answersIn(Buffer.concat(this.chunks), this.isClosed);
  }

  /** Waits for the first `count` answers, or for fewer where the server closes before. */
  async received(count: number): Promise<Answer[]> {
    await until(`${count} answers or the end of the connection`, () => this.isClosed || this.answers.length >= count);
    return this.answers;
  }

  /** Waits until the server closes, and gives all that it answered. */
  async closed(): Promise<Answer[]> {
    await until('the server closes the connection', () => this.isClosed);
    this.close();
    return this.answers;
  }

  close(): void {
    this.socket.destroy();
  }

  /** Ends it with RST, as a client does that is gone. */
  reset(): void {
    resetSocket(this.socket);
  }
}

/** Sends bytes on a connection of their own. @returns the first answer; undefined where the server closes without one */
export async function sendRaw(url: string, bytes: string | Uint8Array): Promise<Answer | undefined> {
  const connection = await RawConnection.open(url);
  try {
    const [first] = await connection.send(bytes).received(1);
    return first;
  } finally {
    connection.close();
  }
}

function nameOf(line: string): string {
  return (line.split(':', 1)[0] ?? '').trim().toLowerCase();
}

function answersIn(bytes: Buffer, isEnded: boolean): Answer[] {
  const answers: Answer[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf(LINE_END + LINE_END);
    if (end === -1) return answers;
    const { status, headers } = headIn(rest.subarray(0, end).toString('latin1'));
    const body = bodyIn(rest.subarray(end + 4), status, headers, isEnded);
    if (!body) return answers;
    if (status >= 200) answers.push(new Answer(status, headers, body.bytes.toString()));
    rest = rest.subarray(end + 4 + body.length);
  }
}

function headIn(text: string): { status: number; headers: Headers } {
  const [first = '', ...lines] = text.split(LINE_END);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (!status) throw new Error(`No HTTP answer: ${first}`);
  const headers = new Headers();
  for (const line of lines) headers.append(nameOf(line), line.slice(line.indexOf(':') + 1).trim());
  return { status, headers };
}

/** @returns undefined until the body is whole; `length` is that on the wire */
function bodyIn(
  rest: Buffer,
  status: number,
  headers: Headers,
  isEnded: boolean,
): { bytes: Buffer; length: number } | undefined {
  if (status < 200 || status === 204 || status === 304) return { bytes: Buffer.alloc(0), length: 0 };
  if (headers.get('transfer-encoding') === 'chunked') return chunkedBodyIn(rest);
  const declared = headers.get('content-length');
  if (declared === null) return isEnded ? { bytes: rest, length: rest.length } : undefined;
  const length = Number(declared);
  return rest.length < length ? undefined : { bytes: rest.subarray(0, length), length };
}

function chunkedBodyIn(rest: Buffer): { bytes: Buffer; length: number } | undefined {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = rest.indexOf(LINE_END, at);
    if (end === -1) return undefined;
    const size = Number.parseInt(rest.subarray(at, end).toString('latin1'), 16);
    const next = end + 2 + size + 2;
    if (rest.length < next) return undefined;
    if (size === 0) return { bytes: Buffer.concat(chunks), length: next };
    chunks.push(rest.subarray(end + 2, end + 2 + size));
    at = next;
  }
}
