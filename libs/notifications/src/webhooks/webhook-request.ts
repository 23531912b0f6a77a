import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import { addressIn, type AddressRules, isAllowedAddress } from './webhook-address.rules.js';
import type { Attempted } from './delivery-attempts.rules.js';

/** From the look-up of the name to the end of the answer. */
const ATTEMPT_MS = 15_000;
/** Bytes that are read of an answer. Nothing of them is kept. */
const MOST_BYTES = 16 * 1024;

interface Address {
  readonly address: string;
  readonly family: number;
}
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** The addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly Address[]>;

const resolveName: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * Makes one attempt. The name is looked up once, every address is checked, and the connection goes to these addresses: no second look-up
 * could lead elsewhere. Redirects are not followed.
 * @param signal ends the attempt at once; the promise is then rejected
 */
export async function attempt(
  { url: text, headers, body }: WebhookRequest,
  rules: AddressRules,
  signal: AbortSignal,
  resolve: Resolve = resolveName,
): Promise<Attempted> {
  const timeout = AbortSignal.timeout(ATTEMPT_MS);
  const ended = AbortSignal.any([signal, timeout]);
  try {
    const url = new URL(text);
    const addresses = await before(ended, addressesOf(url, resolve));
    if (addresses.length === 0 || !addresses.every(({ address }) => isAllowedAddress(address, rules)))
      return { status: null, error: 'the address is not allowed' };
    return { status: await post(url, { headers, body }, lookupOf(addresses), ended), error: null };
  } catch (error) {
    if (signal.aborted) throw error;
    return { status: null, error: timeout.aborted ? 'no whole answer within 15 s' : reasonOf(error) };
  }
}

async function addressesOf(url: URL, resolve: Resolve): Promise<readonly Address[]> {
  const address = addressIn(url);
  return address === undefined ? resolve(url.hostname) : [{ address, family: isIPv6(address) ? 6 : 4 }];
}

/** Answers every look-up of the connection with the addresses that were checked. */
const lookupOf = (addresses: readonly Address[]): LookupFunction => {
  const [first] = addresses;
  return (_hostname, { all }, answer) =>
    all ? answer(null, [...addresses]) : answer(null, first?.address ?? '', first?.family);
};

/** @returns the status */
function post(
  url: URL,
  { headers, body }: Omit<WebhookRequest, 'url'>,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<number> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, lookup, signal, agent: false }, (answer) => {
      const status = answer.statusCode ?? 0;
      readSome(answer)
        .then(() => resolve(status), reject)
        .finally(() => sent.destroy());
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Reads an answer to its end, or as much as we read of any answer. */
async function readSome(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) return;
  }
}

function before<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('The attempt was ended.'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const REASONS: Record<string, string> = {
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before the answer',
  EHOSTUNREACH: 'the address cannot be reached',
  ENETUNREACH: 'the address cannot be reached',
  ETIMEDOUT: 'the connection was not made in time',
};

/** In words of ours: a message of Node.js may hold an address. */
function reasonOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code))
    return 'the TLS certificate or handshake is not acceptable';
  return REASONS[code] ?? 'the request failed';
}
