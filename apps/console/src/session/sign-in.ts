import { settings } from '../settings.js';
import { forgetPerson } from './development-sign-in.js';
import type { OpenIdSignIn } from './openid.js';
import { session } from './session.js';

let manager: Promise<OpenIdSignIn> | undefined;

/** The sign-in by OpenID Connect, loaded when it is needed first. */
export function openId(): Promise<OpenIdSignIn> {
  const { mode } = settings;
  if (mode.kind !== 'openid') throw new Error('This portal has no OpenID Connect issuer.');
  manager ??= import('./openid.js').then(({ OpenIdSignIn }) => new OpenIdSignIn(mode));
  return manager;
}

/** Out of the console and, where there is one, out of the provider's session. */
export async function signOut(): Promise<void> {
  if (settings.mode.kind === 'openid') return (await openId()).signOut();
  forgetPerson();
  session.signOut();
}
