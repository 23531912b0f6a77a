import { UserManager } from 'oidc-client-ts';

/**
 * Runs in a hidden frame or a window that the provider has sent back: hands the answer to the page that opened it. The
 * page's opener policy leaves a window no `opener`, so a window is known by having no parent.
 */
const manager = new UserManager({ authority: '', client_id: '', redirect_uri: '' });
await (window.parent === window ? manager.signinPopupCallback() : manager.signinSilentCallback());
