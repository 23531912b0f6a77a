import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeyVerifier } from '#api-keys';
import { InvalidationChannel } from '#database';
import { createPortal } from '../../apps/portal/src/portal.application.js';
import { readConfig } from '../../apps/portal/src/portal.config.js';
import { until } from './until.js';

export interface BenchPortalOptions {
  databaseUrl: string;
  /** Where the development issuer keeps its key; instances of one portal share it. */
  dataDirectory: string;
  /** Verdicts remembered; 0 turns the cache off. */
  cacheSize: number;
  imports?: (Type | DynamicModule)[];
  /** Settings of production. Default: of tests. */
  isProduction?: boolean;
  /** Further variables. */
  environment?: Record<string, string>;
}

/** What production asks for. No bench signs in, so that nothing is fetched from the issuer. */
const PRODUCTION = {
  NODE_ENV: 'production',
  SESSION_ISSUER: 'https://issuer.example.test',
  SESSION_AUDIENCE: 'bench',
  SESSION_JWKS_URL: 'https://issuer.example.test/jwks',
  LOG_LEVEL: 'error',
};

/** The real application, wired as it is served, saying nothing; not listening. */
export async function openPortal(options: BenchPortalOptions): Promise<NestFastifyApplication> {
  const { databaseUrl, dataDirectory, cacheSize, imports = [], isProduction = false } = options;
  const environment = {
    ...(isProduction ? { ...PRODUCTION, DATABASE_URL: databaseUrl } : { NODE_ENV: 'test', LOG_LEVEL: 'silent' }),
    API_KEYS_CACHE_SIZE: String(cacheSize),
    ...options.environment,
  };
  const config = { ...readConfig(environment), databaseDirectUrl: databaseUrl, dataDirectory };
  const app = await createPortal(config, databaseUrl, { imports });
  await trusted(app, 0);
  return app;
}

/**
 * Waits until what is remembered may be relied on for so long without a further proof: while a bench computes without
 * a pause, no heartbeat is heard.
 */
export function trusted(app: NestFastifyApplication, forMs: number): Promise<void> {
  const invalidations = app.get(InvalidationChannel, { strict: false });
  return until('changes are proven', () => invalidations.isProven(performance.now() + forMs));
}

export const verifierOf = (app: NestFastifyApplication) => app.get(ApiKeyVerifier, { strict: false });
