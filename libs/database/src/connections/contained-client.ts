import { Client, type ClientConfig } from 'pg';

/** Failures of connections, and not of a statement that one has carried. */
const connectionErrors = new WeakSet<object>();

/** Is this what broke a connection, or kept it from being made? The code says little: there is one for each cause. */
export function isConnectionError(error: object): boolean {
  return connectionErrors.has(error);
}

/** What a driver's connection has, beside what its types show. */
interface Stream {
  on(event: string, listener: (chunk: Buffer) => void): unknown;
  destroy(error: unknown): unknown;
}
interface Connection {
  stream: Stream;
  attachListeners(stream: Pick<Stream, 'on'>): void;
  on(event: 'copyInResponse', listener: () => void): void;
}

/**
 * A client that no server can harm: what stands at the other end may be anything. An exception of the driver, at a message
 * that it does not know or cannot read, breaks the one connection instead of ending this process.
 */
export class ContainedClient extends Client {
  /** The instant of `performance.now()` at which it began to connect, at the latest. */
  readonly openedAt = performance.now();

  constructor(config?: string | ClientConfig) {
    super(config);
    const { connection } = this as unknown as { connection: Connection };
    containExceptions(connection);
    refuseCopies(connection);
    // Unheard, the death of a connection would end this process.
    this.on('error', (error) => connectionErrors.add(error));
  }

  /**
   * Gives each query its callback at the start. For a promise, `pg` sets the callback on a query that is made already; V8 then keeps
   * the query with all its rows until a full collection.
   */
  override query(...parts: unknown[]): never {
    const send = super.query as (...parts: unknown[]) => unknown;
    const [config, values] = parts;
    if (!isAwaited(parts)) return send.apply(this, parts) as never;
    const answer = new Promise((resolve, reject) => {
      const settle = (error: Error | null, result: unknown) => (error ? reject(error) : resolve(result));
      // A copy, since `pg` writes the callback into what it is given.
      send.call(this, typeof config === 'object' ? { ...config } : config, values, settle);
    });
    return answer.catch(throwFromHere) as never;
  }

  override connect(): Promise<Client>;
  override connect(callback: ((error: Error) => void) | ((error: null, client: Client) => void)): void;
  override connect(callback?: unknown): Promise<Client> | void {
    if (!callback) return super.connect().catch((error: Error) => Promise.reject(noted(error)));
    const done = callback as (error: Error | null, client?: Client) => void;
    super.connect((error: Error | null) => (error ? done(noted(error)) : done(null, this)));
  }
}

/** Is the answer a promise? A callback or a query object has its own way. */
function isAwaited(parts: readonly unknown[]): boolean {
  const [config] = parts as [{ submit?: unknown; callback?: unknown } | undefined];
  return !config?.submit && !config?.callback && !parts.some((part) => typeof part === 'function');
}

/** Its stack leads to the code that waits for the answer, and no longer to the socket that the error came from. */
function throwFromHere(error: Error): never {
  Error.captureStackTrace(error);
  throw error;
}

function noted(error: Error): Error {
  connectionErrors.add(error);
  return error;
}

function containExceptions(connection: Connection): void {
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) =>
    attach({ on: (event, listener) => stream.on(event, contained(stream as Stream, listener)) });
}

/**
 * No statement here copies rows from a client. `pg` answers that it has none, as often as it is asked: a server that only asks would
 * keep a core busy until the time limit.
 */
function refuseCopies(connection: Connection): void {
  connection.on('copyInResponse', () => {
    connection.stream.destroy(new Error('The database began a copy that no statement had asked for.'));
  });
}

function contained(stream: Stream, listener: (chunk: Buffer) => void): (chunk: Buffer) => void {
  return (chunk) => {
    try {
      listener(chunk);
    } catch (error) {
      stream.destroy(error);
    }
  };
}
