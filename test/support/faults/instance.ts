import type { Answer } from '../answer.js';
import { serve, type Served } from '../command-line.js';
import { post } from '../post.js';
import type { Ask } from '../test-portal.js';

/** Where instances run: sessions of one folder are good at all instances that run in it. */
export interface InstancePlace {
  cwd: string;
  environment: Record<string, string>;
}

/** An instance of the built application, in a process of its own that can be killed. It keeps its address. */
export class Instance {
  private constructor(
    private readonly place: InstancePlace,
    private served: Served,
  ) {}

  static async start(place: InstancePlace): Promise<Instance> {
    return new Instance(place, await serve([], place));
  }

  get url(): string {
    return String(this.served.printed('URL'));
  }

  /** Everything it printed since it was started last. */
  get output(): string {
    const { stdout, stderr } = this.served.output();
    return stdout + stderr;
  }

  /** Whether the started process still runs. */
  get isRunning(): boolean {
    return this.served.output().exitCode === null;
  }

  /** @returns the exit code; null when the signal ended it */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    return this.served.end(signal);
  }

  /** Starts it again, at its address. A start that a busy machine fails is tried again, like an operator's supervisor would. */
  async restart(): Promise<void> {
    const { port } = new URL(this.url);
    const place = { ...this.place, environment: { ...this.place.environment, PORT: port } };
    this.served = await serve([], place)
      .catch(() => serve([], place))
      .catch(() => serve([], place));
  }

  /** Sends one operation. @throws when the connection breaks */
  query(query: string, { variables, ...credential }: Ask = {}): Promise<Answer> {
    return post(this.url, JSON.stringify({ query, variables }), credential);
  }
}
