import { InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { SignInMode } from '../settings.js';
import { session } from './session.js';

const CALLBACK = '/console/signed-in';
/** Whether somebody was signed in before a reload; no secret. */
const SIGNED_IN = 'console.signed-in';
const RENEWED = '/console/renewed';

/** Sign-in by authorization code with PKCE. Tokens stay in memory; what a redirect must outlive is in this tab's session storage. */
export class OpenIdSignIn {
  private readonly manager: UserManager;

  constructor({ issuer, audience, clientId }: Extract<SignInMode, { kind: 'openid' }>) {
    const { origin } = window.location;
    this.manager = new UserManager({
      authority: issuer,
      client_id: clientId,
      redirect_uri: `${origin}${CALLBACK}`,
      silent_redirect_uri: `${origin}${RENEWED}`,
      popup_redirect_uri: `${origin}${RENEWED}`,
      post_logout_redirect_uri: `${origin}/console`,
      response_type: 'code',
      scope: 'openid profile email',
      // Which of the two names the API depends on the provider: RFC 8707, or a parameter older than it.
      ...(URL.canParse(audience) && { resource: audience }),
      extraQueryParams: { audience },
      userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
      stateStore: new WebStorageStateStore({ store: window.sessionStorage }),
      automaticSilentRenew: true,
    });
    this.manager.events.addUserLoaded((user) => {
      // The first one is taken by `finish`, once the code has left the address.
      if (session.snapshot().phase !== 'starting') take(user);
    });
    this.manager.events.addSilentRenewError(() => session.lapse());
    this.manager.events.addAccessTokenExpired(() => session.lapse());
  }

  /** Leaves for the provider, and comes back to this address. */
  start(): Promise<void> {
    const { pathname, search } = window.location;
    return this.manager.signinRedirect({ state: pathname === CALLBACK ? '/console' : `${pathname}${search}` });
  }

  /** Takes what the provider has answered, and goes on at the address that it was left for. */
  async finish(): Promise<void> {
    const user = await this.manager.signinCallback().finally(() => replaceAddress('/console'));
    if (!user) return;
    if (typeof user.state === 'string' && user.state.startsWith('/console')) replaceAddress(user.state);
    take(user);
  }

  /** Signs in again after a reload, where the provider's own session lasts. @returns whether it did */
  async resume(): Promise<boolean> {
    const user = await this.manager.signinSilent().catch(() => null);
    if (user) take(user);
    else sessionStorage.removeItem(SIGNED_IN);
    return user !== null;
  }

  /** Renews the token behind the page, where the provider's own session lasts. @returns whether it did */
  async renew(): Promise<boolean> {
    return (await this.manager.signinSilent().catch(() => null)) !== null;
  }

  /**
   * Signs in in a window of its own, so that the page stays as it is. Opened at once: a browser opens none that is long
   * after the press of a button.
   * @throws where the browser opens no window, or the provider refuses
   */
  async again(): Promise<void> {
    await this.manager.signinPopup();
  }

  async signOut(): Promise<void> {
    sessionStorage.removeItem(SIGNED_IN);
    session.signOut();
    await this.manager.signoutRedirect().catch(() => this.manager.removeUser());
  }
}

/** What the provider sent along leaves the address, and the history with it. */
function replaceAddress(address: string): void {
  window.history.replaceState(null, '', address);
  // The router hears of it as of a step back.
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function take({ access_token: token }: User): void {
  sessionStorage.setItem(SIGNED_IN, 'yes');
  session.signIn(token);
}
