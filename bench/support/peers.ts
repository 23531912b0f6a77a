import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = resolve('bench/peers');

/** A verifier of others; see `bench/peers/better-auth.mjs`. */
export interface Peer {
  verify(): Promise<void>;
  close(): Promise<void>;
}

interface BetterAuthModule {
  openBetterAuth(options: { url: string; connections: number; tuned: boolean; keys: number }): Promise<Peer>;
}

/** Are they installed? Tells how to, where they are not. */
export function hasPeers(): boolean {
  if (existsSync(`${FOLDER}/node_modules`)) return true;
  console.log('The peers are left out: they are not installed. `npm ci --prefix bench/peers` does it.');
  return false;
}

/** They lie outside of the build, with packages of their own. */
export function betterAuth(): Promise<BetterAuthModule> {
  return import(pathToFileURL(`${FOLDER}/better-auth.mjs`).href) as Promise<BetterAuthModule>;
}

export const STOCK_APP = `${FOLDER}/stock-app.mjs`;
