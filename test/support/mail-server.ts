import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  /** The recipients of the envelope. */
  to: string[];
  /** The message as it came. */
  raw: string;
  /** The message with its lines joined and its characters decoded. */
  readable: string;
  subject: string;
}
/** The answer to a recipient: undefined accepts, a number refuses. */
export type Refusal = (address: string) => number | undefined;

/** A real SMTP server that keeps what it is sent. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  refusal: Refusal = () => undefined;
  private server: SMTPServer;
  private port = 0;

  private constructor() {
    this.server = this.make();
  }

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  to(address: string): ReceivedMail[] {
    return this.received.filter(({ to }) => to.includes(address));
  }

  /** Listens, again at the same port after `stop`. */
  async listen(): Promise<void> {
    this.server = this.make();
    const listening = this.server.listen(this.port, '127.0.0.1');
    await once(listening, 'listening');
    this.port = (listening.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private make(): SMTPServer {
    return new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => {
        const refused = this.refusal(address);
        if (refused === undefined) return done();
        return done(Object.assign(new Error('not now'), { responseCode: refused }));
      },
      onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
        buffer(stream).then((bytes) => {
          const raw = bytes.toString('utf8');
          const to = rcptTo.map(({ address }) => address);
          const from = mailFrom === false ? '' : mailFrom.address;
          this.received.push({ from, to, raw, readable: readable(raw), subject: subjectOf(raw) });
          done();
        }, done);
      },
    });
  }
}

/** Undoes quoted-printable, over the whole message. */
function readable(raw: string): string {
  const bytes = raw
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function subjectOf(raw: string): string {
  const header = /^Subject: (.*(?:\r?\n[ \t].*)*)/m.exec(raw)?.[1] ?? '';
  return header
    .replace(/\?=\r?\n[ \t]=\?/g, '?==?')
    .replace(/\r?\n[ \t]/g, ' ')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_, text: string) => readable(text.replaceAll('_', ' ')))
    .replace(/=\?UTF-8\?B\?(.*?)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
}
