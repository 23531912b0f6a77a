import type { PortalConfig } from '../portal.config.js';

/** How people sign in to the console; without a way to sign in there is no console. */
export type ConsoleMode =
  | { readonly kind: 'off'; readonly reason: string }
  | { readonly kind: 'development' }
  | { readonly kind: 'openid'; readonly issuer: string; readonly audience: string; readonly clientId: string };

/** Derived from the whole configuration, so that the development sign-in cannot be on in production. */
export function consoleModeOf({ console, isProduction, issuer }: PortalConfig): ConsoleMode {
  if (!console.isOn) return { kind: 'off', reason: 'CONSOLE=off' };
  if (issuer && console.clientId !== undefined)
    return { kind: 'openid', issuer: issuer.issuer, audience: issuer.audience, clientId: console.clientId };
  if (issuer || isProduction) return { kind: 'off', reason: 'CONSOLE_CLIENT_ID is not set' };
  return { kind: 'development' };
}
