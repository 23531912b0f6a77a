import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The value of each letter, by its character code. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))));
/** 62^43 is just above 2^256. */
const SECRET_LENGTH = 43;
/** 62^6 is above 2^32. */
const CHECKSUM_LENGTH = 6;
/** Bytes from this value on are dropped: 256 is no multiple of 62, and a remainder would favour the first letters. */
const FIRST_BIASED_BYTE = 256 - (256 % ALPHABET.length);
/** Letters of the secret that `key_prefix` shows. */
const SHOWN_LENGTH = 4;
const LEGACY_PREFIX = 'mktp';

/** What the prefix of keys has to be, for messages about one that is not. */
export const KEY_PREFIX = '2 to 12 of [a-z0-9], starting with a letter';

// A pattern finds letters in `undefined`, too.
export const isKeyPrefix = (text: unknown): boolean => typeof text === 'string' && /^[a-z][a-z0-9]{1,11}$/.test(text);

/**
 * The shape of this application's keys:
 * `<prefix>_<43 base62 characters: 256 random bits><6 base62 characters: CRC-32 of everything before them>`.
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
   * @throws {RangeError} for another prefix
   */
  constructor(
    readonly prefix: string,
    acceptLegacy: boolean,
  ) {
    if (!isKeyPrefix(prefix)) throw new RangeError(`The prefix of API keys must be ${KEY_PREFIX}.`);
    this.start = `${prefix}_`;
    this.starts = acceptLegacy && prefix !== LEGACY_PREFIX ? [this.start, `${LEGACY_PREFIX}_`] : [this.start];
    this.shape = new RegExp(`^${prefix}_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);
    const lengths = [this.start.length + SECRET_LENGTH + CHECKSUM_LENGTH];
    if (acceptLegacy) lengths.push(LEGACY_PREFIX.length + 1 + SECRET_LENGTH);
    const letters = acceptLegacy ? '[0-9A-Za-z_-]' : '[0-9A-Za-z_]';
    const wholes = lengths.map((length) => `${letters}{${length}}$`);
    this.likeness = new RegExp(`^(?:${[...this.starts.flatMap(mostOf), ...wholes].join('|')})`, 'i');
    const starts = this.starts.map((start) => start.replace('_', '(?:_|%5f)')).join('|');
    this.within = new RegExp(`((?:${starts})[\\w-]{${SHOWN_LENGTH}})[\\w-]+`, 'gi');
    this.legacyShape = acceptLegacy ? new RegExp(`^${LEGACY_PREFIX}_[0-9A-Za-z_-]{${SECRET_LENGTH}}$`) : undefined;
  }

  /** Makes a new plaintext. Show it once and never store it. */
  mint(): string {
    const body = this.start + randomBase62(SECRET_LENGTH);
    return body + checksumOf(body);
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

  /** The part of a key that may be stored and shown: enough to recognise the key in a log, and of no use for guessing it. */
  shownPrefixOf(plaintext: string): string {
    return plaintext.slice(0, this.start.length + SHOWN_LENGTH);
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

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let position = 0; position < CHECKSUM_LENGTH; position++) {
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
