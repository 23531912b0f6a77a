import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Direction, Lane, type Mode, type Trap } from './tcp-lane.js';

const PASSING: Mode = { held: new Set(), isBlackhole: false, delayMs: 0 };

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
