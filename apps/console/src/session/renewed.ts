import { UserManager } from 'oidc-client-ts';

/** Runs in a hidden frame or a popup that the provider has sent back: hands the answer to the page that opened it. */
const manager = new UserManager({ authority: '', client_id: '', redirect_uri: '' });
await (window.opener ? manager.signinPopupCallback() : manager.signinSilentCallback());
