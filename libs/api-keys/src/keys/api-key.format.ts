import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The value of each letter, by its character code. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))));
/** 62^43 is just above 2^256. */
const SECRET_LENGTH = 43;
/** 62^6 is above 2^32. */
const CHECKSUM_LENGTH = 6;
const ROUTING_LENGTH = 2;
/** 3,844. Keys carry their shard, so this number never changes. */
const SHARDS = ALPHABET.length ** ROUTING_LENGTH;
/** Characters behind the prefix: without routing letters, and with them. */
const LENGTHS = [0, ROUTING_LENGTH].map((routing) => routing + SECRET_LENGTH + CHECKSUM_LENGTH);
/** Bytes from this value on are dropped: 256 is no multiple of 62, and a remainder would favour the first letters. */
const FIRST_BIASED_BYTE = 256 - (256 % ALPHABET.length);
/** Letters of a key that a text keeps where a key is cut out of it. */
const SHOWN_LENGTH = 4;
/** Characters at the end of a key that `key_prefix` never shows: 39 random ones, which are 232 bits, and the checksum. */
const HIDDEN_LENGTH = SECRET_LENGTH - SHOWN_LENGTH + CHECKSUM_LENGTH;
const LEGACY_PREFIX = 'mktp';

/** What the prefix of keys has to be, for messages about one that is not. */
export const KEY_PREFIX = '2 to 12 of [a-z0-9], starting with a letter';

// A pattern finds letters in `undefined`, too.
export const isKeyPrefix = (text: unknown): boolean => typeof text === 'string' && /^[a-z][a-z0-9]{1,11}$/.test(text);

/**
 * The shape of this application's keys:
 * `<prefix>_<43 base62 characters: 256 random bits><6 base62 characters: CRC-32 of everything before them>`, or the same with two
 * routing letters behind `_`: the logical shard of the key's tenant, for a proxy in front of several deployments. Both shapes are
 * keys for every instance. The letters are a hint: nothing here reads them.
 */
export class ApiKeyFormat {
  /** What keys start with: `<prefix>_`, and also `mktp_` where keys of the replaced system are accepted. */
  readonly starts: readonly string[];
  private readonly start: string;
  private readonly shape: RegExp;
  /** Lengths and letters of keys, and the usual start of a key. */
  private readonly likeness: RegExp;
  private readonly legacyShape: RegExp | undefined;
  /** A key within a text, or the beginning of one. */
  private readonly within: RegExp;

  /**
   * @param prefix 2 to 12 of `[a-z0-9]`, starting with a letter
   * @param acceptLegacy also `mktp_` and 43 base64url characters without a checksum, as the replaced system made
   * @param isRouting new keys get routing letters
   * @throws {RangeError} for another prefix
   */
  constructor(
    readonly prefix: string,
    acceptLegacy: boolean,
    private readonly isRouting = false,
  ) {
    if (!isKeyPrefix(prefix)) throw new RangeError(`The prefix of API keys must be ${KEY_PREFIX}.`);
    this.start = `${prefix}_`;
    this.starts = acceptLegacy && prefix !== LEGACY_PREFIX ? [this.start, `${LEGACY_PREFIX}_`] : [this.start];
    this.shape = new RegExp(`^${prefix}_(?:${LENGTHS.map((length) => `[0-9A-Za-z]{${length}}`).join('|')})$`);
    const lengths = LENGTHS.map((length) => this.start.length + length);
    if (acceptLegacy) lengths.push(LEGACY_PREFIX.length + 1 + SECRET_LENGTH);
    const letters = acceptLegacy ? '[0-9A-Za-z_-]' : '[0-9A-Za-z_]';
    const wholes = lengths.map((length) => `${letters}{${length}}$`);
    this.likeness = new RegExp(`^(?:${[...this.starts.flatMap(mostOf), ...wholes].join('|')})`, 'i');
    const starts = this.starts.map((start) => start.replace('_', '(?:_|%5f)')).join('|');
    this.within = new RegExp(`((?:${starts})[\\w-]{${SHOWN_LENGTH}})[\\w-]+`, 'gi');
    this.legacyShape = acceptLegacy ? new RegExp(`^${LEGACY_PREFIX}_[0-9A-Za-z_-]{${SECRET_LENGTH}}$`) : undefined;
  }

  /** Makes a new plaintext for a key of this tenant. Show it once and never store it. */
  mint(tenantId: string): string {
    const routing = this.isRouting ? routingLettersOf(tenantId) : '';
    const body = this.start + routing + randomBase62(SECRET_LENGTH);
    return body + inBase62(crc32(body), CHECKSUM_LENGTH);
  }

  /** True if `text` could be one of our keys. Checks only length, alphabet and checksum. */
  isWellFormed(plaintext: string): boolean {
    if (this.shape.test(plaintext)) {
      const end = plaintext.length - CHECKSUM_LENGTH;
      if (crc32(plaintext.slice(0, end)) === numberAt(plaintext, end)) return true;
    }
    return this.legacyShape?.test(plaintext) ?? false;
  }

  /** True if `text` was probably meant to be a key: it begins like most of a key's start, or has a key's length and alphabet. */
  isLike(text: string): boolean {
    return this.likeness.test(text);
  }

  /** The text with each key in it cut to the part that may be shown. */
  withoutSecrets(text: string): string {
    return text.replace(this.within, '$1…');
  }

  /**
   * The part of a key that may be stored and shown: enough to recognise the key in a log, and of no use for guessing it. Behind the
   * prefix these are four random letters, and the routing letters before them: all keys of a tenant have the same ones, so four
   * characters alone would leave only two to tell its keys apart.
   */
  shownPrefixOf(plaintext: string): string {
    return plaintext.slice(0, -HIDDEN_LENGTH);
  }
}

/**
 * SHA-256, 64 lower-case hex characters. No salt and no slow hash: the input is 256 random bits, so there is nothing
 * to guess, and an unsalted hash can be looked up through a unique index in one read.
 */
export function hashKey(plaintext: string): string {
  return hash('sha256', plaintext, 'hex');
}

/** `text` with less than half of it cut off at the front or at the end. */
function mostOf(text: string): string[] {
  const cuts = Array.from({ length: Math.ceil(text.length / 2) }, (_, cut) => cut);
  return cuts.flatMap((cut) => [text.slice(cut), text.slice(0, text.length - cut)]);
}

function randomBase62(length: number): string {
  let text = '';
  while (text.length < length)
    for (const byte of randomBytes(length)) {
      if (byte < FIRST_BIASED_BYTE && text.length < length) text += ALPHABET[byte % ALPHABET.length];
    }
  return text;
}

/** The logical shard of a tenant. Everybody can compute the letters from the id, as docs/scale.md does in SQL, so no directory is needed. */
function routingLettersOf(tenantId: string): string {
  // PostgreSQL writes an id in lower case.
  const digest = hash('sha256', tenantId.toLowerCase(), 'buffer');
  return inBase62(digest.readUInt32BE() % SHARDS, ROUTING_LENGTH);
}

function inBase62(number: number, length: number): string {
  let rest = number;
  let text = '';
  for (let position = 0; position < length; position++) {
    text = ALPHABET.charAt(rest % ALPHABET.length) + text;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}

/** The base62 number at the end of `text`, from `start` on. Each checksum has only one spelling, so numbers may be compared. */
function numberAt(text: string, start: number): number {
  let number = 0;
  for (let index = start; index < text.length; index++)
    number = number * ALPHABET.length + (VALUES[text.charCodeAt(index)] ?? 0);
  return number;
}
