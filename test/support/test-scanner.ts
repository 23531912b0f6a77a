import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { LocalServer } from './local-server.js';

export interface ScannerKey {
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export function scannerKey(id: string, namedCurve = 'P-256'): ScannerKey {
  return { id, ...generateKeyPairSync('ec', { namedCurve }) };
}

/** A secret scanner on this machine: it publishes its keys over HTTP, can be made to fail, and signs reports. */
export class TestScanner {
  /** Requests for the keys so far. */
  fetches = 0;
  published: ScannerKey[];
  /** Answers instead of publishing the keys, while it is set. */
  misbehave: RequestListener | undefined;

  private constructor(
    private readonly server: LocalServer,
    readonly key: ScannerKey,
  ) {
    this.published = [key];
    server.answer((request, response) => {
      this.fetches++;
      if (this.misbehave) this.misbehave(request, response);
      else this.publish(response);
    });
  }

  static async start(): Promise<TestScanner> {
    return new TestScanner(await LocalServer.start(), scannerKey('first'));
  }

  get keysUrl(): string {
    return `${this.server.url}/keys`;
  }

  /** The headers that prove a body, as this scanner sends them. */
  proofOf(body: string | Buffer, { key = this.key, as = 'Github' }: { key?: ScannerKey; as?: string } = {}) {
    return {
      'content-type': 'application/json',
      [`${as}-Public-Key-Identifier`]: key.id,
      [`${as}-Public-Key-Signature`]: sign('sha256', Buffer.from(body), key.privateKey).toString('base64'),
    };
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private publish(response: ServerResponse): void {
    const keys = this.published.map(({ id, publicKey }) => ({
      key_identifier: id,
      key: publicKey.export({ type: 'spki', format: 'pem' }),
      is_current: true,
    }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ public_keys: keys }));
  }
}
