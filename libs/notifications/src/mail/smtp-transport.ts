import { createTransport } from 'nodemailer';
import type { MailText } from './mail-text.rules.js';

/** Mails that are sent at the same time. */
export const MOST_CONNECTIONS = 5;
const TIMEOUT_MS = 20_000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export interface SentMail extends MailText {
  /** The same for every attempt, so that a receiver can see two as one. */
  id: string;
  address: string;
}
export interface MailTransport {
  /** @throws what the server answered, or why there was no answer */
  send(mail: SentMail): Promise<void>;
  close(): void;
}

/**
 * @param url `smtp://` or `smtps://`. A password goes only over TLS, except to this machine.
 * @param from the address of the sender
 */
export function smtpTransport(url: string, from: string): MailTransport {
  const { username, hostname } = new URL(url);
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: MOST_CONNECTIONS,
      requireTLS: username !== '' && !LOOPBACK.test(hostname),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ id, address, subject, text, html }) {
      await transport.sendMail({
        // As an object: a text is parsed, and could name further addresses.
        to: { name: '', address },
        subject,
        text,
        html,
        messageId: `<${id}@latchkey.invalid>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    close: () => transport.close(),
  };
}
