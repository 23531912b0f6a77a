import type { Client, PoolConfig } from 'pg';
import { LIMITS } from '#kernel';
import type { Role } from './roles.js';
import { sparingClient } from './sparing-client.js';

export interface PoolSettings {
  url: string;
  /** Every connection begins as this role, and `RESET ROLE` returns to it; undefined: the login itself. */
  role: Role | undefined;
  /** Connections at most. */
  max: number;
  /** Through a transaction pooler, where connections begin as the login whatever they ask for. Default: false. */
  isPooled?: boolean;
  /** What connections are made of. Default: `Client` of `pg`. */
  client?: typeof Client;
}

/** What all work of a role is done under: the role itself and its time limits, by PostgreSQL's names. */
export function sessionSettings(role: Role | undefined): Record<string, string> {
  return {
    // The owner only migrates, and building an index takes as long as its table is large.
    statement_timeout: String(role ? LIMITS.statementTimeoutMs : 0),
    // Short statements and short waits between them add up; a request ends within ten seconds all the same.
    transaction_timeout: String(role ? LIMITS.transactionTimeoutMs : 0),
    lock_timeout: String(LIMITS.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(LIMITS.statementTimeoutMs),
    timezone: 'UTC',
    // Instants and cursors are read back from what the server writes, and other styles are ambiguous.
    datestyle: 'ISO,MDY',
    ...(role ? { role } : {}),
  };
}

/**
 * What each transaction sets for itself: its role always, so that it fails rather than work without; limits only where
 * the connection has none, for they cost 25 µs.
 */
export function transactionSettings(role: Role, isPooled: boolean): Record<string, string> {
  return isPooled ? sessionSettings(role) : { role };
}

/** Settings of a `pg` pool. Role and time limits travel as start-up options, for statements outside a transaction, too. */
export function poolConfig({ url, role, max, isPooled = false, client }: PoolSettings): PoolConfig {
  const options = Object.entries(sessionSettings(role))
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  return {
    connectionString: url,
    max,
    connectionTimeoutMillis: LIMITS.connectionTimeoutMs,
    application_name: `latchkey ${role ?? 'owner'}`,
    ...(role ? { Client: sparingClient(client) } : {}),
    ...(isPooled ? {} : { options }),
  };
}
