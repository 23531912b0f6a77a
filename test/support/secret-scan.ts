import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The shortest piece of a secret that counts as a trace of it, in characters. */
const PIECE = 12;
/** Wherever in a word a piece stands, one of its parts of this length begins at a multiple of `STRIDE`. */
const PART = 6;
const STRIDE = PIECE - PART + 1;
/** Fewer different characters than this are no random piece: tests present keys such as `mktp_aaaa…`. */
const LEAST_VARIETY = 6;
const KEY_START = /^[a-z][a-z0-9]{1,11}_/;
const WORDS = /[\w-]{12,}/g;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Keys of whatever prefix, with routing letters and without, of the replaced system too, and signed tokens. */
const SECRETS =
  /(?<![0-9A-Za-z])[a-z][a-z0-9]{1,11}_(?:[0-9A-Za-z]{49}(?:[0-9A-Za-z]{2})?|[\w-]{43})(?![\w-])|\beyJ[\w-]+\.[\w-]+\.[\w-]{20,}/g;

/** Faults that a report shows; the rest is counted. */
const SHOWN = 20;

/** The parts of a text that have the shape of a secret. */
export function secretsIn(text: string): string[] {
  // Most texts have neither, and a plain search is cheaper.
  return text.includes('_') || text.includes('eyJ') ? (text.match(SECRETS) ?? []) : [];
}

/** Where a piece of a secret stands, or the hash of one. */
export interface Trace {
  piece: string;
  /** The text around it. */
  within: string;
}

/**
 * Looks for pieces of secrets, and for whole SHA-256 hashes of keys. All of them in one pass: what it costs depends on
 * the text, and hardly on the number of secrets.
 */
export class SecretScan {
  /** The random characters of all secrets, a line each. */
  private readonly random: string;
  /** Almost every word has none of these where one must be, and ends its search there. */
  private readonly parts = new Set<string>();
  private readonly hashes = new Set<string>();

  /** @param secrets keys, session tokens, passwords; of tokens the signature is what must not be known */
  constructor(secrets: Iterable<string>) {
    const lines: string[] = [];
    for (const secret of secrets) {
      const isToken = secret.startsWith('eyJ');
      const random = isToken ? secret.slice(secret.lastIndexOf('.') + 1) : secret.replace(KEY_START, '');
      lines.push(random);
      for (let at = 0; at + PART <= random.length; at++) this.parts.add(random.slice(at, at + PART));
      if (!isToken) this.hashes.add(createHash('sha256').update(secret).digest('hex'));
    }
    this.random = lines.join('\n');
  }

  /** Whether this is the hash of one of the keys. */
  hasHash(hash: string): boolean {
    return this.hashes.has(hash);
  }

  /** The first trace in each run of word characters. */
  tracesIn(text: string): Trace[] {
    const traces: Trace[] = [];
    for (const { 0: word, index } of text.matchAll(WORDS)) {
      const piece = UUID.test(word) ? undefined : this.traceIn(word);
      if (piece !== undefined) traces.push({ piece, within: text.slice(Math.max(0, index - 80), index + 120) });
    }
    return traces;
  }

  /** The same of a file, read as a stream of lines. */
  async tracesInFile(file: string): Promise<{ traces: Trace[]; bytes: number }> {
    const traces: Trace[] = [];
    let rest = '';
    let bytes = 0;
    for await (const chunk of createReadStream(file, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
      const text = rest + String(chunk);
      bytes += String(chunk).length;
      const end = text.lastIndexOf('\n') + 1;
      traces.push(...this.tracesIn(text.slice(0, end)));
      rest = text.slice(end);
    }
    traces.push(...this.tracesIn(rest));
    return { traces, bytes };
  }

  private traceIn(word: string): string | undefined {
    if (this.hasPart(word))
      for (let at = 0; at + PIECE <= word.length; at++) {
        const piece = word.slice(at, at + PIECE);
        if (new Set(piece).size >= LEAST_VARIETY && this.random.includes(piece)) return piece;
      }
    return word.match(/[0-9a-f]{64,}/g)?.find((hash) => this.hashes.has(hash));
  }

  private hasPart(word: string): boolean {
    for (let at = 0; at + PART <= word.length; at += STRIDE) if (this.parts.has(word.slice(at, at + PART))) return true;
    return false;
  }
}

/**
 * Searches a folder of evidence: no piece of a secret, and no hash of a key, may stand in what was printed or stored. A
 * hash may stand once in each database, in the column that is made for it.
 */
export async function searchEvidence(folder: string): Promise<{ summary: string; faults: string[] }> {
  const files = await readdir(folder);
  const of = (kind: string) => files.filter((file) => file.startsWith(`${kind}-`)).map((file) => join(folder, file));
  const secrets = new Set((await Promise.all(of('secrets').map((file) => readFile(file, 'utf8')))).flatMap(linesOf));
  const scan = new SecretScan(secrets);

  const faults: string[] = [];
  let bytes = 0;
  for (const file of [...of('output'), ...of('rows')]) {
    const found = await scan.tracesInFile(file);
    bytes += found.bytes;
    faults.push(...found.traces.map(({ piece, within }) => `${file}: ${piece} in ${JSON.stringify(within)}`));
  }
  for (const file of of('hashes')) {
    const seen = new Set<string>();
    for await (const hash of createInterface(createReadStream(file))) {
      if (scan.hasHash(hash) && seen.has(hash)) faults.push(`${file}: ${hash} stands there twice`);
      seen.add(hash);
    }
  }
  const summary =
    `Searched ${(bytes / 1e6).toFixed(1)} MB of output and rows of ${of('rows').length} databases ` +
    `for ${secrets.size} secrets: ${faults.length === 0 ? 'no trace' : `${faults.length} traces`}.`;
  const more = faults.length > SHOWN ? [`… and ${faults.length - SHOWN} more`] : [];
  return { summary, faults: [...faults.slice(0, SHOWN), ...more] };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
