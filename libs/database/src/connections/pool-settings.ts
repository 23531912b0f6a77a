import type { Client, PoolConfig } from 'pg';
import { LIMITS } from '#kernel';
import { ConnectionAttempts } from './connection-attempts.js';
import { ContainedClient } from './contained-client.js';
import type { Role } from './roles.js';
import { PUBLIC } from './schema-name.js';
import { sparingClient } from './sparing-client.js';

export interface PoolSettings {
  url: string;
  /** Every connection begins as this role, and `RESET ROLE` returns to this role. Undefined: the login itself. */
  role: Role | undefined;
  /** Maximum number of connections. */
  max: number;
  /** The PostgreSQL schema of the tables. Default: `public`. */
  schema?: string;
  /** True through a transaction pooler, where connections begin as the login, whatever they ask for. Default: false. */
  isPooled?: boolean;
  /** The class of the connections. Default: `Client` of `pg`. */
  client?: typeof Client;
  /** Shared by the pools that connect to the same server. Default: attempts of this pool's own. */
  attempts?: ConnectionAttempts;
}

/** The settings for all work of a role: the role itself and its time limits, by PostgreSQL's names. */
export function sessionSettings(role: Role | undefined, schema: string = PUBLIC): Record<string, string> {
  return {
    // The owner only migrates, and building an index takes longer on a larger table.
    statement_timeout: String(role ? LIMITS.statementTimeoutMs : 0),
    // Short statements and short waits add up, but a request must still end within ten seconds.
    transaction_timeout: String(role ? LIMITS.transactionTimeoutMs : 0),
    lock_timeout: String(LIMITS.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(LIMITS.statementTimeoutMs),
    timezone: 'UTC',
    // We parse instants and cursors from the server's output, and other date styles are ambiguous.
    datestyle: 'ISO,MDY',
    // Whatever is set for the login or the database, and whatever a session has made for itself: names mean our tables.
    search_path: `${schema},pg_temp`,
    ...(role ? { role } : {}),
  };
}

/**
 * The settings of each transaction. The role is always set, so that a transaction fails rather than work without it. Limits are
 * set only where the connection has none, since they cost 25 µs.
 */
export function transactionSettings(role: Role, isPooled: boolean, schema?: string): Record<string, string> {
  return isPooled ? sessionSettings(role, schema) : { role };
}

/** Settings of a `pg` pool. Role and time limits are sent as start-up options, so that they also apply outside a transaction. */
export function poolConfig({ url, role, max, schema, isPooled = false, client, ...shared }: PoolSettings): PoolConfig {
  const { attempts = new ConnectionAttempts() } = shared;
  const options = Object.entries(sessionSettings(role, schema))
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  return {
    connectionString: url,
    max,
    connectionTimeoutMillis: LIMITS.connectionTimeoutMs,
    application_name: `latchkey ${role ?? 'owner'}`,
    Client: role ? sparingClient(attempts, client) : ContainedClient,
    // A pooler gives each transaction a connection: what is sent before one has begun might reach another.
    ...(isPooled ? {} : { options, pipeline: true }),
  };
}
