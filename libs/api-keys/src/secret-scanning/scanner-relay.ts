import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { boundedText, headerValues, LIMITS, ServiceUnavailable } from '#kernel';
import { signatureHeadersOf } from './scanner-signatures.js';
import { type Scanner, SECRET_SCANNING_OPTIONS, type SecretScanningOptions } from './secret-scanning.options.js';

/** Marks a request that another deployment passed on: it goes no further, so deployments may name each other. */
const RELAYED = 'latchkey-relayed';

/** Passes genuine requests on: a scanner knows one address for a pattern, and several deployments may make keys of that pattern. */
@Injectable()
export class ScannerRelay {
  private readonly logger = new Logger('SecretScanning');

  constructor(@Inject(SECRET_SCANNING_OPTIONS) private readonly options: SecretScanningOptions) {}

  /**
   * Sends the body and its signature, unchanged, to every further deployment. Each checks the signature for itself.
   * @returns the answers' labels: hashes of the tokens that are keys of one of those deployments
   * @throws {ServiceUnavailable} when one of them did not take the request; the others have taken it
   */
  async passOn(scanner: Scanner, raw: IncomingMessage, body: Uint8Array): Promise<ReadonlySet<string>> {
    if (headerValues(raw, RELAYED).length > 0) return new Set();
    const sent = this.options.relay.map((base) => this.send(base, scanner, raw, body));
    const outcomes = await Promise.allSettled(sent);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw new ServiceUnavailable({ cause: failed.reason });
    return new Set(outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])));
  }

  private async send(base: URL, scanner: Scanner, raw: IncomingMessage, body: Uint8Array): Promise<string[]> {
    const url = new URL(`${base.pathname.replace(/\/$/, '')}/secret-scanning/${scanner}`, base);
    const { identifier, signature } = signatureHeadersOf(scanner);
    const headers = Object.fromEntries(
      ['content-type', identifier, signature].map((name) => [name, headerValues(raw, name)[0] ?? '']),
    );
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, [RELAYED]: '1' },
        body: Buffer.from(body),
        redirect: 'error',
        signal: AbortSignal.timeout(LIMITS.secretScanning.relayMs),
      });
      const text = await boundedText(response, LIMITS.secretScanning.relayAnswerBytes);
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      return trueOnesIn(text);
    } catch (error) {
      this.logger.warn(`${url.host} did not accept a request of ${scanner}: ${String(error)}`);
      throw error;
    }
  }
}

/** Nothing for an empty answer, as GitLab gets it. */
function trueOnesIn(answer: string): string[] {
  const labels = (answer === '' ? [] : JSON.parse(answer)) as { token_hash?: unknown; label?: unknown }[];
  return labels.flatMap(({ token_hash: hash, label }) =>
    label === 'true_positive' && typeof hash === 'string' ? [hash] : [],
  );
}
