import { resolve } from 'node:path';
import { z } from 'zod';
import type { TracingSettings } from './tracing/tracing.settings.js';
import type { TrustProxy } from './http/trust-proxy.js';
import {
  flag,
  keyPrefix,
  postgresUrl,
  redisAddress,
  trustProxy,
  corsOrigins,
  httpUrl,
  httpUrls,
  networks,
  wholeNumber,
  share,
} from './environment-values.js';
import { BadEnvironment } from './portal.errors.js';

/** How late the first attempt of a webhook may begin. */
const WEBHOOK_POLL_MS = 500;
/** How late a key may be reported as expiring or expired. */
const EXPIRY_SWEEP_MS = 60_000;

const ENVIRONMENT = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: wholeNumber(65_535).default(4000),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_DIRECT_URL: postgresUrl.optional(),
  DATABASE_READ_URL: postgresUrl.optional(),
  DATABASE_MIGRATE_URL: postgresUrl.optional(),
  DATABASE_FENCE: z.enum(['auto', 'off']).default('auto'),
  REDIS_URL: redisAddress.optional(),
  TRUST_PROXY: trustProxy.default(false),
  CORS_ORIGINS: corsOrigins.default([]),
  API_KEYS_PREFIX: keyPrefix.default('mktp'),
  API_KEYS_ACCEPT_LEGACY: flag.default(false),
  API_KEYS_ROUTING: flag.default(false),
  API_KEYS_CACHE_SIZE: wholeNumber(10_000_000).default(100_000),
  SESSION_ISSUER: z.string().min(1).optional(),
  SESSION_AUDIENCE: z.string().min(1).optional(),
  SESSION_JWKS_URL: httpUrl.optional(),
  CONSOLE: z.enum(['on', 'off']).default('on'),
  CONSOLE_CLIENT_ID: z.string().min(1).optional(),
  SECRET_SCANNING_GITHUB_KEYS_URL: z
    .union([z.literal('off'), httpUrl], { error: 'must be an http(s):// URL, or off' })
    .default('https://api.github.com/meta/public_keys/secret_scanning'),
  SECRET_SCANNING_GITLAB_KEYS_URL: httpUrl.optional(),
  SECRET_SCANNING_RELAY: httpUrls.default([]),
  WEBHOOK_ALLOWED_NETWORKS: networks.default([]),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' }).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\p{Cc}]*[^\s@<>,]+@[^\s@<>,]+>?$/u, 'must be an address such as Portal <portal@example.com>')
    .optional(),
  PUBLIC_URL: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('latchkey'),
  OTEL_TRACES_SAMPLER_ARG: share.default(1),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
const ISSUER = ['SESSION_ISSUER', 'SESSION_AUDIENCE', 'SESSION_JWKS_URL'];

/** The environment as the rest of the application sees it. */
export interface PortalConfig {
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
  /** Undefined: an embedded server. */
  readonly databaseUrl: string | undefined;
  /** Undefined: rate limits are counted in this process. */
  readonly redisUrl: string | undefined;
  /** The proxies whose `X-Forwarded-For` counts. */
  readonly trustProxy: TrustProxy;
  /** Pages of these origins may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** Undefined: a number of connections that suits one instance. */
  readonly databaseConnections?: number;
  /** The folder for data that this machine keeps between starts: the embedded server's data, the development issuer's key. */
  readonly dataDirectory: string;
  readonly apiKeys: {
    readonly prefix: string;
    readonly acceptLegacy: boolean;
    readonly routing: boolean;
    readonly cacheSize: number;
    readonly flushIntervalSeconds?: number;
  };
  /** Undefined: `databaseUrl` is direct. */
  readonly databaseDirectUrl: string | undefined;
  /** Replicas of the same database. Undefined: every read goes to `databaseUrl`. */
  readonly databaseReadUrl: string | undefined;
  /** The login that owns the tables. Undefined: the login that serves. */
  readonly databaseMigrateUrl: string | undefined;
  /** Whether a database with a synchronous standby has to prove that it leads. */
  readonly databaseFence: 'auto' | 'off';
  /** Undefined: a development issuer. */
  readonly issuer: { readonly issuer: string; readonly audience: string; readonly jwksUrl: URL } | undefined;
  /** The issuer knows the console by this client id. */
  readonly console: { readonly isOn: boolean; readonly clientId: string | undefined };
  /** Where secret scanners publish their keys, and the further deployments that their requests are passed on to. */
  readonly secretScanning: {
    readonly keysUrls: { readonly github?: URL; readonly gitlab?: URL };
    readonly relay: readonly URL[];
  };
  /** The addresses that webhooks may be sent to. */
  readonly webhooks: {
    readonly acceptHttp: boolean;
    readonly allowedNetworks: readonly string[];
    /** Undefined: nothing is sent. */
    readonly pollMs?: number;
    /** Undefined: this process does not look for keys that expire. */
    readonly sweepMs?: number;
    /** Undefined: no mail is sent. */
    readonly mail?: { readonly smtpUrl: string; readonly from: string } | undefined;
    /** Undefined: mails have no link to the console. */
    readonly consoleUrl?: string | undefined;
  };
  /** Undefined: nothing is traced. */
  readonly tracing: TracingSettings | undefined;
  readonly logLevel: string;
  /** How often a query runs before it is compiled and may take the fast path. Undefined: as `CompiledOperations` decides. */
  readonly compileAfter?: number;
}

/** @throws {BadEnvironment} naming each bad variable */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): PortalConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const read = ENVIRONMENT.safeParse(given);
  const bad = read.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];
  const faults = [...bad, ...missingIn(given)];
  if (!read.success || faults.length > 0)
    throw new BadEnvironment(`The environment is not usable: ${faults.join('; ')}.`);
  const variables = read.data;
  const { SESSION_ISSUER: issuer, SESSION_AUDIENCE: audience, SESSION_JWKS_URL: jwksUrl } = variables;
  return Object.freeze({
    isProduction: variables.NODE_ENV === 'production',
    host: variables.HOST,
    port: variables.PORT,
    databaseUrl: variables.DATABASE_URL,
    redisUrl: variables.REDIS_URL,
    trustProxy: variables.TRUST_PROXY,
    corsOrigins: variables.CORS_ORIGINS,
    // Without `DATABASE_URL` this would be another database than the embedded one.
    databaseDirectUrl: variables.DATABASE_URL && variables.DATABASE_DIRECT_URL,
    databaseReadUrl: variables.DATABASE_URL && variables.DATABASE_READ_URL,
    databaseMigrateUrl: variables.DATABASE_MIGRATE_URL,
    databaseFence: variables.DATABASE_FENCE,
    dataDirectory: resolve('.data'),
    apiKeys: {
      prefix: variables.API_KEYS_PREFIX,
      acceptLegacy: variables.API_KEYS_ACCEPT_LEGACY,
      routing: variables.API_KEYS_ROUTING,
      cacheSize: variables.API_KEYS_CACHE_SIZE,
    },
    issuer: issuer && audience && jwksUrl ? { issuer, audience, jwksUrl: new URL(jwksUrl) } : undefined,
    console: { isOn: variables.CONSOLE === 'on', clientId: variables.CONSOLE_CLIENT_ID },
    secretScanning: secretScanningOf(variables),
    webhooks: webhooksOf(variables),
    tracing: tracingOf(variables),
    logLevel: variables.LOG_LEVEL,
  });
}

function secretScanningOf(variables: z.infer<typeof ENVIRONMENT>): PortalConfig['secretScanning'] {
  const { SECRET_SCANNING_GITHUB_KEYS_URL: github, SECRET_SCANNING_GITLAB_KEYS_URL: gitlab } = variables;
  const keysUrls = {
    ...(github === 'off' ? {} : { github: new URL(github) }),
    ...(gitlab ? { gitlab: new URL(gitlab) } : {}),
  };
  return { keysUrls, relay: variables.SECRET_SCANNING_RELAY.map((url) => new URL(url)) };
}

function webhooksOf(variables: z.infer<typeof ENVIRONMENT>): PortalConfig['webhooks'] {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from, PUBLIC_URL: publicUrl, CONSOLE: console } = variables;
  return {
    acceptHttp: variables.NODE_ENV !== 'production',
    allowedNetworks: variables.WEBHOOK_ALLOWED_NETWORKS,
    mail: smtpUrl !== undefined && from !== undefined ? { smtpUrl, from } : undefined,
    consoleUrl: publicUrl && console === 'on' ? `${publicUrl.replace(/\/$/, '')}/console` : undefined,
    // Tests count statements: those that send webhooks say so.
    ...(variables.NODE_ENV === 'test' ? {} : { pollMs: WEBHOOK_POLL_MS, sweepMs: EXPIRY_SWEEP_MS }),
  };
}

function tracingOf(variables: z.infer<typeof ENVIRONMENT>): TracingSettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = variables;
  return endpoint ? { endpoint, serviceName, sampledShare: variables.OTEL_TRACES_SAMPLER_ARG } : undefined;
}

/** Variables that are required because of other variables, but not set. */
function missingIn(given: Readonly<Record<string, string | undefined>>): string[] {
  const isProduction = given['NODE_ENV'] === 'production';
  const isPartly = ISSUER.some((name) => given[name] !== undefined);
  const needed = [...(isProduction ? ['DATABASE_URL'] : []), ...(isProduction || isPartly ? ISSUER : [])];
  const reason = isProduction ? 'is needed in production' : 'is needed with the other SESSION_ variables';
  const missing = needed.filter((name) => given[name] === undefined).map((name) => `${name} ${reason}`);
  return [...missing, ...issuerForConsole(given), ...databaseForMigrations(given), ...senderOfMails(given)];
}

/** The roles are made for the login of `DATABASE_URL`. */
function databaseForMigrations({
  DATABASE_MIGRATE_URL: url,
  DATABASE_URL: served,
}: Record<string, string | undefined>) {
  return url !== undefined && served === undefined ? ['DATABASE_URL is needed with DATABASE_MIGRATE_URL'] : [];
}

function senderOfMails({ SMTP_URL: url, MAIL_FROM: from }: Record<string, string | undefined>) {
  return url !== undefined && from === undefined ? ['MAIL_FROM is needed with SMTP_URL'] : [];
}

/** Browsers sign in at the issuer's own name. */
function issuerForConsole({ CONSOLE_CLIENT_ID: clientId, SESSION_ISSUER: issuer }: Record<string, string | undefined>) {
  if (clientId === undefined) return [];
  if (issuer === undefined) return ['SESSION_ISSUER is needed with CONSOLE_CLIENT_ID'];
  const isAddress = /^https?:\/\//.test(issuer) && URL.canParse(issuer);
  return isAddress ? [] : ['SESSION_ISSUER must be an http(s):// URL where CONSOLE_CLIENT_ID is set'];
}
