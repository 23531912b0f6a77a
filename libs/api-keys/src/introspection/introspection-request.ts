import { Input } from '#kernel';
import { normalisedAddress } from '../limits/networks.rules.js';

/** What a service asks about. */
export interface IntrospectionRequest {
  /** Any text: a text that is no key is not active. */
  readonly token: string;
  /** The address of the service's client, in one spelling; undefined where the service does not know it. */
  readonly ip: string | undefined;
}

/**
 * Reads a form or a JSON object. Other members, such as `token_type_hint`, mean nothing here.
 * @throws {InvalidInput} all problems at once
 */
export function readIntrospection(body: unknown): IntrospectionRequest {
  const members = (typeof body === 'object' && body !== null ? body : {}) as Record<'token' | 'ip', unknown>;
  return new Input(members).read((input) => ({
    token: readToken(input.at('token')),
    ip: input.given('ip') && readAddress(input.at('ip')),
  }));
}

function readToken(input: Input<unknown>): string {
  if (typeof input.value === 'string' && input.value !== '') return input.value;
  input.refuse('REQUIRED', 'must be the key to verify.');
  return '';
}

function readAddress(input: Input<unknown>): string {
  const address = typeof input.value === 'string' ? normalisedAddress(input.value) : 'unknown';
  if (address === 'unknown') input.refuse('MALFORMED', 'is no IP address.');
  return address;
}
