import type { PoolConfig } from 'pg';
import { LIMITS } from '#kernel';
import type { Role } from './roles.js';
import { sparingClient } from './sparing-client.js';

export interface PoolSettings {
  url: string;
  /** Every connection begins as this role, and `RESET ROLE` returns to it; undefined: the login itself. */
  role: Role | undefined;
  /** Connections at most. */
  max: number;
}

/** Settings of a `pg` pool: role and time limits travel as start-up options, so no session is ever without them. */
export function poolConfig({ url, role, max }: PoolSettings): PoolConfig {
  const settings: Record<string, string> = {
    // The owner only migrates, and building an index takes as long as its table is large.
    statement_timeout: String(role ? LIMITS.statementTimeoutMs : 0),
    // Short statements and short waits between them add up; a request ends within ten seconds all the same.
    transaction_timeout: String(role ? LIMITS.transactionTimeoutMs : 0),
    lock_timeout: String(LIMITS.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(LIMITS.statementTimeoutMs),
    timezone: 'UTC',
    ...(role ? { role } : {}),
  };
  return {
    connectionString: url,
    max,
    connectionTimeoutMillis: LIMITS.connectionTimeoutMs,
    application_name: `latchkey ${role ?? 'owner'}`,
    ...(role ? { Client: sparingClient() } : {}),
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}
