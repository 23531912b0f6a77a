import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a free port of this machine. */
export class LocalServer {
  /** Connections accepted so far. */
  connections = 0;

  private constructor(
    private readonly server: Server,
    /** The address, without a slash at its end. */
    readonly url: string,
  ) {
    server.on('connection', () => this.connections++);
  }

  static async start(answer?: RequestListener): Promise<LocalServer> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LocalServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Answers requests by `answer` from now on, for what needs the address first. */
  answer(answer: RequestListener): void {
    this.server.on('request', answer);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
