import type { IncomingMessage } from 'node:http';
import { AmbiguousCredentials, Unauthenticated } from '#access';
import { headerValues } from '#kernel';
import type { ApiKeyFormat } from '../keys/api-key.format.js';

/** The credential that a request presents, not verified yet. */
export type Credential = { kind: 'none' } | { kind: 'key'; plaintext: string } | { kind: 'session'; token: string };

/** The parts of a request that can hold a credential. */
export type CredentialSource = Pick<IncomingMessage, 'rawHeaders' | 'url'>;

const AUTHORIZATION = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.*))?$/s;
const BARE_BEARER = /^bearer *$/i;
const SEPARATORS = /[ \t,;]+/;
/** The shape of session tokens, unless the application names another. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** Query parameters whose name says that they hold a credential. */
const CREDENTIAL_PARAMETERS = new Set(['access_token', 'api_key', 'key', 'token']);

/** The shape of keys, as far as it is needed to distinguish them from other credentials. */
type KeyLook = Pick<ApiKeyFormat, 'starts' | 'isLike'>;

/**
 * Finds the one credential of a request: `Authorization: Bearer <key or session token>` or `X-API-Key: <key>`. A Bearer scheme
 * without a token counts as no credential.
 * @param session the shape of session tokens
 * @throws {AmbiguousCredentials} for more than one credential, equal or not, and for a credential in the URL as well
 * @throws {Unauthenticated} for a scheme or a token that is neither a key nor a session token
 */
export function credentialOf(request: CredentialSource, look: KeyLook, session = JWT): Credential {
  const keyStarts = look.starts;
  const authorization = withoutBareScheme(onlyValue(headerValues(request, 'authorization')));
  const apiKey = onlyValue(headerValues(request, 'x-api-key'));
  if (authorization === '' && apiKey === '') return { kind: 'none' };
  if ((authorization !== '' && apiKey !== '') || urlHoldsCredential(request.url ?? '', keyStarts))
    throw new AmbiguousCredentials();
  if (apiKey !== '') return keyCredential(apiKey, keyStarts);
  return bearerCredential(authorization, look, session);
}

function withoutBareScheme(authorization: string): string {
  return BARE_BEARER.test(authorization) ? '' : authorization;
}

function onlyValue(values: readonly string[]): string {
  if (values.length > 1) throw new AmbiguousCredentials();
  return values[0] ?? '';
}

function keyCredential(value: string, keyStarts: readonly string[]): Credential {
  if (holdsSeveral(value, keyStarts)) throw new AmbiguousCredentials();
  if (!startsLikeKey(value, keyStarts)) throw new Unauthenticated('INVALID_KEY');
  return { kind: 'key', plaintext: value };
}

function bearerCredential(authorization: string, look: KeyLook, session: RegExp): Credential {
  const keyStarts = look.starts;
  const [, scheme, token] = AUTHORIZATION.exec(authorization) ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || !token) throw new Unauthenticated('INVALID_SESSION');
  if (holdsSeveral(token, keyStarts)) throw new AmbiguousCredentials();
  if (startsLikeKey(token, keyStarts)) return { kind: 'key', plaintext: token };
  // A client with a truncated key gets an error about the key, and is not asked to sign in.
  if (!session.test(token)) throw new Unauthenticated(look.isLike(token) ? 'INVALID_KEY' : 'INVALID_SESSION');
  return { kind: 'session', token };
}

/** True for a credential followed by more text. A text without any credential is merely invalid, whatever separates its parts. */
function holdsSeveral(value: string, keyStarts: readonly string[]): boolean {
  if (!SEPARATORS.test(value)) return false;
  return value.split(SEPARATORS).some((part) => startsLikeKey(part, keyStarts) || JWT.test(part));
}

function urlHoldsCredential(url: string, keyStarts: readonly string[]): boolean {
  const start = url.indexOf('?');
  if (start === -1) return false;
  for (const [name, value] of new URLSearchParams(url.slice(start + 1)))
    if (CREDENTIAL_PARAMETERS.has(name.toLowerCase()) || startsLikeKey(value, keyStarts)) return true;
  return false;
}

function startsLikeKey(text: string, keyStarts: readonly string[]): boolean {
  return keyStarts.some((start) => text.startsWith(start));
}
