import { type ClientRequest, type IncomingMessage, request } from 'node:http';

const BODY = JSON.stringify({ query: 'subscription { apiKeyEvents { id at kind apiKeyName actorName changes } }' });

/** Counts the events of one stream. */
export class StreamClient {
  events = 0;

  private constructor(
    private readonly sent: ClientRequest,
    answer: IncomingMessage,
  ) {
    answer.on('data', (chunk: Buffer) => (this.events += chunk.toString().split('event: next').length - 1));
    answer.on('error', () => undefined);
  }

  /** Ends when the stream has begun. */
  static open(url: string, session: string): Promise<StreamClient> {
    return new Promise((resolve, reject) => {
      const headers = {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${session}`,
      };
      const sent = request(`${url}/graphql`, { method: 'POST', agent: false, headers });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        if (answer.statusCode !== 200) reject(new Error(`A stream was answered ${answer.statusCode}.`));
        const client = new StreamClient(sent, answer);
        // The first place comes when everything from now on will come.
        answer.on('data', (chunk: Buffer) => chunk.includes('id: ') && resolve(client));
      });
      sent.end(BODY);
    });
  }

  close(): void {
    this.sent.destroy();
  }
}
