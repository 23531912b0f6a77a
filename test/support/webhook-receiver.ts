import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { LocalServer } from './local-server.js';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
export const typeOf = ({ body }: Received) => (JSON.parse(body) as { type: string }).type;
export const idOf = ({ headers }: Received) => String(headers['webhook-id']);

/** A server that keeps what it is sent, and answers 204 unless the test sets another answer. */
export class WebhookReceiver {
  readonly received: Received[] = [];

  private constructor(private readonly server: LocalServer) {}

  static async start(
    answer: RequestListener = (_, response) => response.writeHead(204).end(),
  ): Promise<WebhookReceiver> {
    const receiver: WebhookReceiver = new WebhookReceiver(
      await LocalServer.start((request, response) => {
        text(request).then(
          (body) => {
            receiver.received.push({ headers: request.headers, body });
            return answer(request, response);
          },
          () => undefined, // the sender was killed in the middle
        );
      }),
    );
    return receiver;
  }

  get url(): string {
    return this.server.url;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
