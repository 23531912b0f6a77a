import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { resetSocket } from './reset-socket.js';

/** `answers` go from the server to the client, `requests` the other way. */
export type Direction = 'answers' | 'requests';

interface Mode {
  /** Kept back, in order, until the next mode. */
  held: ReadonlySet<Direction>;
  /** Swallowed in both directions, closings too, as by a cable that is cut. */
  isBlackhole: boolean;
  delayMs: number;
}
const PASSING: Mode = { held: new Set(), isBlackhole: false, delayMs: 0 };

/** What is done with requests that hold a text. */
interface Trap {
  text: string;
  /** Before the request goes on; it does not when its connection was reset. */
  spring: (connection: { reset(): void }) => void;
}

/** Stands between a client and a PostgreSQL server, and makes the faults that a network makes. */
export class TcpProxy {
  private mode = PASSING;
  private trap: Trap | undefined;
  private answerTrap: Trap | undefined;
  private spared: string | undefined;
  private readonly lanes = new Set<Lane>();
  /** Connections made so far. */
  connections = 0;
  /** Bytes that the present mode keeps back. */
  get heldBytes(): number {
    return [...this.lanes].reduce((sum, lane) => sum + lane.heldBytes, 0);
  }

  private constructor(
    /** The URL of the server, with the proxy's address. */
    readonly url: string,
    private readonly server: Server,
    private target: URL,
  ) {}

  static async before(serverUrl: string): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = Object.assign(new URL(serverUrl), {
      hostname: '127.0.0.1',
      port: String((server.address() as AddressInfo).port),
    });
    const proxy = new TcpProxy(url.href, server, new URL(serverUrl));
    server.on('connection', (client) => {
      const { port, hostname } = proxy.target;
      proxy.join(client, connect(Number(port), hostname));
    });
    return proxy;
  }

  /** Everything passes, what was held first. What a black hole swallowed is gone. */
  pass(): void {
    this.enter(PASSING);
  }

  hold(...directions: Direction[]): void {
    this.enter({ ...PASSING, held: new Set(directions) });
  }

  delay(ms: number): void {
    this.enter({ ...PASSING, delayMs: ms });
  }

  blackhole(): void {
    this.enter({ ...PASSING, isBlackhole: true });
  }

  /** New connections lead to another server from now on; those that there are stay where they lead. */
  leadTo(serverUrl: string): void {
    this.target = new URL(serverUrl);
  }

  /** Connections that send a text from now on are never held, delayed or swallowed. */
  spare(text: string): void {
    this.spared = text;
  }

  /** Ends connections by RST, each with this probability; new ones are met by the present mode. */
  reset(probability = 1): void {
    for (const lane of this.lanes) if (Math.random() < probability) lane.reset();
  }

  /** Connections that there are look well, and are reset at their next request: as by a firewall that knows them no more. */
  forget(): void {
    for (const lane of this.lanes) lane.isForgotten = true;
  }

  /** Nobody listens any more, until `listen`; connections that there are stay. */
  async refuse(): Promise<void> {
    this.server.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async listen(): Promise<void> {
    const port = Number(new URL(this.url).port);
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  /**
   * Waits for requests that hold a text, such as the end of a statement, from now on. One at a time: another takes its place.
   * @param spring called before the request goes on, which it does unless its connection is reset
   */
  meet(text: string, spring: Trap['spring']): void {
    this.trap = { text, spring };
  }

  /** Waits for one answer that holds a text. `spring` is called before the answer goes on. */
  meetAnswer(text: string, spring: () => void): void {
    this.answerTrap = {
      text,
      spring: () => {
        this.answerTrap = undefined;
        spring();
      },
    };
  }

  meetNothing(): void {
    this.answerTrap = undefined;
    this.trap = undefined;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.reset();
    await closed;
  }

  private enter(mode: Mode): void {
    this.mode = mode;
    for (const lane of this.lanes) lane.flush();
  }

  private join(client: Socket, server: Socket): void {
    this.connections++;
    let isSpared = false;
    const mode = () => (isSpared ? PASSING : this.mode);
    const heard = (chunk: Buffer) => {
      isSpared ||= this.spared !== undefined && chunk.includes(this.spared);
    };
    const lanes = [
      new Lane(client, server, 'requests', mode, () => this.trap, heard),
      new Lane(server, client, 'answers', mode, () => this.answerTrap),
    ];
    for (const lane of lanes) {
      this.lanes.add(lane);
      lane.from.on('close', () => this.lanes.delete(lane));
    }
  }
}

/** One direction of one connection. */
class Lane {
  isForgotten = false;
  private queue: { due: number; chunk: Buffer | null }[] = [];

  constructor(
    readonly from: Socket,
    private readonly to: Socket,
    private readonly direction: Direction,
    private readonly mode: () => Mode,
    private readonly trap: () => Trap | undefined,
    private readonly heard: (chunk: Buffer) => void = () => undefined,
  ) {
    from.setNoDelay(true);
    from.on('data', (chunk) => this.take(chunk));
    from.on('end', () => this.take(null));
    // A reset is one of the faults that are made here; 'close' reports its effect.
    from.on('error', () => undefined);
    from.on('close', () => this.take(null));
  }

  get heldBytes(): number {
    return this.queue.reduce((sum, { chunk }) => sum + (chunk?.length ?? 0), 0);
  }

  reset(): void {
    this.queue = [];
    resetSocket(this.from);
    resetSocket(this.to);
  }

  flush(): void {
    const { held, isBlackhole } = this.mode();
    if (isBlackhole) this.queue = [];
    while (!held.has(this.direction) && this.queue[0] && this.queue[0].due <= performance.now()) {
      const { chunk } = this.queue.shift() ?? {};
      if (chunk) this.to.write(chunk);
      else this.to.end();
    }
  }

  /** @param chunk null: the end */
  private take(chunk: Buffer | null): void {
    if (chunk && this.isForgotten && this.direction === 'requests') return this.reset();
    if (chunk) this.heard(chunk);
    const { isBlackhole, delayMs } = this.mode();
    if (isBlackhole) return;
    const trap = this.trap();
    if (trap && chunk?.includes(trap.text)) trap.spring(this);
    if (this.from.destroyed && chunk) return;
    this.queue.push({ due: performance.now() + delayMs, chunk });
    if (delayMs > 0) setTimeout(() => this.flush(), delayMs + 1);
    else this.flush();
  }
}
