import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on this machine. */
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

  /** @param port 0: any free port */
  static async start(answer?: RequestListener, port = 0): Promise<LocalServer> {
    const server = createServer(answer).listen(port, '127.0.0.1');
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
