import type { JsonObject } from '#kernel';
import type { MailKind } from './mail-kinds.rules.js';

export interface MailText {
  subject: string;
  text: string;
  html: string;
}
interface Sentences {
  subject: string;
  lines: string[];
}

/** Characters that end a header or hide in a line. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;
const LONGEST_NAME = 100;

/** The text of a mail. @param link the page of the key in the console; undefined: the console has no known address */
export function mailText(kind: MailKind, data: JsonObject, link: string | undefined): MailText {
  const { subject, lines } = sentencesOf(kind, data);
  const text = [...lines, ...(link === undefined ? [] : [link]), FOOTER].join('\n\n');
  const paragraphs = lines.map((line) => `<p>${escaped(line)}</p>`);
  const anchor = link === undefined ? [] : [`<p><a href="${escaped(link)}">${escaped(link)}</a></p>`];
  const html = [...paragraphs, ...anchor, `<p><small>${escaped(FOOTER)}</small></p>`].join('\n');
  return { subject, text: `${text}\n`, html: `<!doctype html>\n<html lang="en"><body>\n${html}\n</body></html>\n` };
}

const FOOTER =
  'You get this mail because you own the key or administer its tenant. setMyMailPreferences chooses the kinds of mails.';

function sentencesOf(kind: MailKind, data: JsonObject): Sentences {
  const name = `“${shown(data['apiKeyName'])}”`;
  switch (kind) {
    case 'API_KEY_EXPIRING': {
      const days = Number(data['daysBefore']) === 1 ? 'a day' : `${Number(data['daysBefore'])} days`;
      return {
        subject: `API key ${name} expires within ${days}`,
        lines: [
          `The API key ${name} stops working at ${shown(data['effectiveExpiresAt'])}.`,
          'Extend it, or make a new key for what uses it, before then.',
        ],
      };
    }
    case 'API_KEY_EXPIRED':
      return {
        subject: `API key ${name} has expired`,
        lines: [`The API key ${name} stopped working at ${shown(data['effectiveExpiresAt'])}.`],
      };
    case 'API_KEY_LEAK_REPORTED':
      return {
        subject: `API key ${name} was found in the open and is revoked`,
        lines: [
          `Somebody reported that the API key ${name} was found in the open. The key was revoked at once and cannot be used again.`,
          'Look at the audit trail for uses that you do not know, and make a new key for what used it.',
        ],
      };
    case 'WEBHOOK_ENDPOINT_DISABLED':
      return {
        subject: `The webhook endpoint at ${shown(data['host'])} is disabled`,
        lines: [
          data['reason'] === 'GONE'
            ? `The webhook endpoint at ${shown(data['host'])} answered 410 and was disabled.`
            : `Every attempt of a delivery to the webhook endpoint at ${shown(data['host'])} failed, and the endpoint was disabled.`,
          `No event is sent to it until an administrator enables it. The id of the endpoint is ${shown(data['endpointId'])}.`,
        ],
      };
  }
}

/** A value on one line of bounded length. */
function shown(value: unknown): string {
  const line = String(value ?? '')
    .replace(INVISIBLE, ' ')
    .trim();
  const characters = [...line];
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME).join('')}…` : line;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
