import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = resolve('bench/peers');
const NAMED = [
  'better-auth',
  '@better-auth/api-key',
  'express',
  'fastify',
  '@apollo/server',
  'mercurius',
  'graphql-yoga',
];

/** A verifier of others; see `bench/peers/better-auth.mjs`. */
export interface Peer {
  verify(): Promise<void>;
  close(): Promise<void>;
}

interface BetterAuthModule {
  openBetterAuth(options: { url: string; connections: number; tuned: boolean; keys: number }): Promise<Peer>;
}

/** Are they installed? Tells of which version, or how to install them. */
export function hasPeers(): boolean {
  if (existsSync(`${FOLDER}/node_modules`)) {
    const { dependencies } = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    console.log(`Peers: ${NAMED.map((name) => `${name} ${dependencies[name] ?? 'unknown'}`).join(', ')}`);
    return true;
  }
  console.log('The peers are left out: they are not installed. `npm ci --prefix bench/peers` does it.');
  return false;
}

/** They lie outside of the build, with packages of their own. */
export function betterAuth(): Promise<BetterAuthModule> {
  return import(pathToFileURL(`${FOLDER}/better-auth.mjs`).href) as Promise<BetterAuthModule>;
}

/** @throws {Error} when the peers are not installed */
export function requirePeers(): void {
  if (!hasPeers()) throw new Error('This bench compares with its peers: run `npm ci --prefix bench/peers` first.');
}

/** A program of the peers. */
export const peerFile = (name: string) => `${FOLDER}/${name}`;
