import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { headerValues, OutageLines, PublishedKeys, ServiceUnavailable } from '#kernel';
import { isSignature, isSignedBy, readScannerKeys, type ScannerKeys } from './scanner-signature.rules.js';
import { InvalidScannerSignature } from './secret-scanning.errors.js';
import {
  type Scanner,
  SCANNERS,
  SECRET_SCANNING_OPTIONS,
  type SecretScanningOptions,
} from './secret-scanning.options.js';

/** The two headers of a scanner's request, in lower case. */
export const signatureHeadersOf = (scanner: Scanner): { identifier: string; signature: string } => ({
  identifier: `${scanner}-public-key-identifier`,
  signature: `${scanner}-public-key-signature`,
});

interface KeysOfScanner {
  readonly keys: PublishedKeys<ScannerKeys>;
  readonly outage: OutageLines;
}

/** Proves that a request comes from a scanner, by the public keys that the scanner publishes. */
@Injectable()
export class ScannerSignatures {
  private readonly logger = new Logger('SecretScanning');
  private readonly scanners: ReadonlyMap<Scanner, KeysOfScanner>;

  constructor(@Inject(SECRET_SCANNING_OPTIONS) { keysUrls }: SecretScanningOptions) {
    const known = SCANNERS.flatMap((scanner): [Scanner, KeysOfScanner][] => {
      const url = keysUrls[scanner];
      if (!url) return [];
      const outage = new OutageLines(this.logger, {
        begins: `The public keys of ${scanner} cannot be read`,
        ends: `The public keys of ${scanner} can be read again.`,
      });
      return [[scanner, { keys: new PublishedKeys(url, readScannerKeys), outage }]];
    });
    this.scanners = new Map(known);
  }

  /**
   * Checks the signature over the body as it was sent.
   * @throws {NotFoundException} for a scanner that is not configured
   * @throws {InvalidScannerSignature}
   * @throws {ServiceUnavailable} when the scanner's keys cannot be read, so that nobody knows whether the signature holds
   */
  async requireGenuine(scanner: Scanner, raw: IncomingMessage, body: Uint8Array): Promise<void> {
    const known = this.scanners.get(scanner);
    if (!known) throw new NotFoundException();
    const headers = signatureHeadersOf(scanner);
    const [identifier, ...otherIdentifiers] = headerValues(raw, headers.identifier);
    const [signature, ...otherSignatures] = headerValues(raw, headers.signature);
    const isOne = otherIdentifiers.length + otherSignatures.length === 0;
    if (!isOne || !identifier || !signature || !isSignature(signature)) throw new InvalidScannerSignature();
    const key = await keyOf(known, identifier);
    if (!key || !isSignedBy(key, body, signature)) throw new InvalidScannerSignature();
  }
}

async function keyOf({ keys, outage }: KeysOfScanner, identifier: string): Promise<KeyObject | undefined> {
  try {
    const key = await publishedKey(keys, identifier);
    outage.worked();
    return key;
  } catch (error) {
    outage.failed(error);
    throw error;
  }
}

/** @throws {ServiceUnavailable} also for a key that is published in a form that we cannot use */
async function publishedKey(keys: PublishedKeys<ScannerKeys>, identifier: string): Promise<KeyObject | undefined> {
  const kept = await keys.current();
  const found = kept.get(identifier) ?? (await keys.afterUnknownKey(kept)).get(identifier);
  if (found === null) throw new ServiceUnavailable({ cause: new Error(`The key ${identifier} is not on P-256.`) });
  return found;
}
