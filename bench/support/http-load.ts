import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { percentile } from './statistics.js';

const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** One request, made once and sent as it is: the load generator must cost less than what it asks. */
export interface FixedRequest {
  url: string;
  bytes: Buffer;
}

export interface HttpSample {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  requests: number;
}

export function graphqlRequest(url: string, query: string, key?: string): FixedRequest {
  return requestOf(url, '/graphql', { type: 'application/json', body: JSON.stringify({ query }), key });
}

export function formRequest(url: string, path: string, members: Record<string, string>, key: string): FixedRequest {
  const body = new URLSearchParams(members).toString();
  return requestOf(url, path, { type: 'application/x-www-form-urlencoded', body, key });
}

function requestOf(
  url: string,
  path: string,
  { type, body, key }: { type: string; body: string; key: string | undefined },
): FixedRequest {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    `content-type: ${type}`,
    'accept: application/graphql-response+json, application/json',
    'user-agent: latchkey-bench',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(key === undefined ? [] : [`authorization: Bearer ${key}`]),
  ];
  return { url, bytes: Buffer.from(lines.join('\r\n') + HEAD_END + body) };
}

/** Asks once, on a connection of its own. */
export async function askOnce({ url, bytes }: FixedRequest): Promise<HttpAnswer> {
  const connection = await Connection.open(url);
  try {
    return await connection.ask(bytes);
  } finally {
    connection.close();
  }
}

/** @throws {Error} unless the answer is 200 with data and no errors: what is refused quickly proves nothing */
export async function requireGood(request: FixedRequest): Promise<void> {
  const { status, body } = await askOnce(request);
  const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: unknown };
  if (status !== 200 || !data || errors) throw new Error(`A request of the bench is refused: ${status} ${body}`);
}

/** Sends requests on `connections` connections at once. Each sends its next request when it has its answer. */
export async function driveHttp(
  request: FixedRequest,
  { connections, forMs }: { connections: number; forMs: number },
): Promise<HttpSample> {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(request.url)));
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + forMs;
  const repeat = async (connection: Connection) => {
    for (let begunAt = performance.now(); begunAt < endAt;) {
      const { status } = await connection.ask(request.bytes);
      if (status !== 200) throw new Error(`A request of the bench is answered by ${status}.`);
      const now = performance.now();
      latencies.push(now - begunAt);
      begunAt = now;
    }
    connection.close();
  };
  await Promise.all(open.map(repeat));
  return {
    perSecond: (latencies.length / (performance.now() - startedAt)) * 1_000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    requests: latencies.length,
  };
}

/** HTTP/1.1 with keep-alive over a bare socket: a tenth of what `node:http` costs. One request at a time. */
export class Connection {
  private text = '';
  private settle: { resolve: (answer: HttpAnswer) => void; reject: (error: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (chunk: string) => this.receive(chunk));
    socket.on('error', (error) => this.settle?.reject(error));
    socket.on('close', () => this.settle?.reject(new Error('The server has closed the connection.')));
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  ask(bytes: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: string): void {
    this.text += chunk;
    const headEnd = this.text.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.text.slice(0, headEnd);
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined) return this.settle?.reject(new Error(`An answer does not tell its length: ${head}`));
    const bodyAt = headEnd + HEAD_END.length;
    if (this.text.length < bodyAt + Number(length)) return;
    const answer = { status: Number(head.slice(9, 12)), body: this.text.slice(bodyAt) };
    this.text = '';
    const { settle } = this;
    this.settle = undefined;
    settle?.resolve(answer);
  }
}

export interface HttpAnswer {
  status: number;
  /** Each byte a character. */
  body: string;
}
