export type SignInMode =
  { kind: 'development' } | { kind: 'openid'; issuer: string; audience: string; clientId: string };

/** What the portal writes into the page. */
export interface Settings {
  mode: SignInMode;
  /** Is there an explorer at `/graphql`? */
  hasExplorer: boolean;
  /** What every key of this portal begins with. */
  keyPrefix: string;
  /** From where the portal saw this browser ask. */
  address: string;
}

export const settings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as Settings;
