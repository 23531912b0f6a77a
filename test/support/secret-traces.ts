import { createHash } from 'node:crypto';

/** So many characters of a secret's random part in a row give too much of it away. */
const RUN = 12;

/** A secret in text, and what else of it may stand nowhere: its hash, and each run of its random part. */
export function tracesOf(secret: string): string[] {
  const random = randomPartOf(secret);
  const runs = Array.from({ length: Math.max(random.length - RUN + 1, 0) }, (_, at) => random.slice(at, at + RUN));
  const hash = createHash('sha256').update(secret);
  const digest = hash.digest();
  return [secret, digest.toString('hex'), digest.toString('base64'), digest.toString('base64url'), ...runs];
}

/** The traces of any of the secrets that stand in a text. */
export function tracesIn(text: string, secrets: Iterable<string>): string[] {
  return [...secrets].flatMap(tracesOf).filter((trace) => text.includes(trace));
}

/** Of a key what follows its prefix; of a token its signature, since header and claims of many are alike. */
function randomPartOf(secret: string): string {
  const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(secret)?.[1];
  return signature ?? secret.slice(secret.indexOf('_') + 1);
}
