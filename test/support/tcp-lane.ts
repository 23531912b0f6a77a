import type { Socket } from 'node:net';
import { resetSocket } from './reset-socket.js';

/** `answers` go from the server to the client, `requests` the other way. */
export type Direction = 'answers' | 'requests';

export interface Mode {
  /** Kept back, in order, until the next mode. */
  held: ReadonlySet<Direction>;
  /** Swallowed in both directions, closings too, as by a cable that is cut. */
  isBlackhole: boolean;
  delayMs: number;
}

/** The treatment of requests that contain a text. */
export interface Trap {
  text: string;
  /** Before the request goes on; it does not when its connection was reset. */
  spring: (connection: { reset(): void }) => void;
}

/** One direction of one connection. */
export class Lane {
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
