import { Logger } from '@nestjs/common';
import { isConnectionError } from './contained-client.js';
import { AppError, Conflict, InvalidInput, ServiceUnavailable } from '#kernel';

/**
 * What a failure of the database means to the caller:
 * - `OUTAGE`: the database is unavailable, too busy, or too slow; the same request may succeed later
 * - `CONFLICT`: the stored data does not allow the change
 * - `BAD_INPUT`: a value that the database cannot store
 * - `BUG`: any other failure
 */
export type DatabaseErrorClass = 'OUTAGE' | 'CONFLICT' | 'BAD_INPUT' | 'BUG';

const LOCK_TIMEOUT = '55P03';
const INSUFFICIENT_PRIVILEGE = '42501';
const UNDEFINED_TABLE = '42P01';
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
/** Serialization failure and deadlock: the transaction was rolled back, and the same transaction may well succeed next time. */
const CAME_BETWEEN = new Set(['40001', '40P01']);
/** SQLSTATE classes: connection, login, unknown database, resources, operator intervention, system. */
const OUTAGE_CLASSES = new Set(['08', '28', '3D', '53', '57', '58']);
/**
 * Time limits of locks and transactions, a server that is read-only because another one leads, and conflicts that remain after
 * the retries.
 */
const OUTAGE_CODES = new Set([LOCK_TIMEOUT, '25P03', '25P04', '25006', ...CAME_BETWEEN]);
/** Data exceptions, and server limits that only a value can exceed. */
const BAD_INPUT_CLASSES = new Set(['22', '54']);
/**
 * A NUL byte makes the driver send a message that the server cannot read. The code is 08P01, in the class of broken connections,
 * though the connection is well. The server's own error names a routine; a pooler's 08P01 has none.
 */
const UNREADABLE_MESSAGE = { code: '08P01', routine: /^pq_/ };
/** A listener that sleeps in a transaction has let the notification queue run full: no value of ours is too large. */
const NOTIFY_QUEUE_FULL = { code: '54000', routine: /Notify/ };
/** A server sends one of these severities when it ends the connection, whatever the reason. */
const LAST_WORDS = new Set(['FATAL', 'PANIC']);
/** Messages of the driver and its pool about a lost connection; `pg` gives these errors no code. */
const DRIVER_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after|driver has already been destroyed|The database could not be reached)/;

interface DatabaseError {
  code?: unknown;
  message?: unknown;
  constraint?: unknown;
  routine?: unknown;
  severity?: unknown;
  cause?: unknown;
  previous?: unknown;
}

const logger = new Logger('Database');

/** The one place that classifies database errors, including errors of the driver and of the ORM. */
export function databaseErrorClass(error: unknown): DatabaseErrorClass {
  if (hasLostConnection(error)) return 'OUTAGE';
  for (const one of chainOf(error)) {
    const known = classOf(one);
    if (known) return known;
  }
  return 'BUG';
}

/** The connection on which a transaction should begin was closed already. */
export class NotBegun extends ServiceUnavailable {}

/** True if the transaction never began, or was rolled back because of a concurrent one, so that it may be run again unchanged. */
export function mayRunAgain(error: unknown): boolean {
  return error instanceof NotBegun || chainOf(error).some(({ code }) => CAME_BETWEEN.has(String(code)));
}

/** True if a statement gave up waiting for a row that another transaction holds. */
export function isLockTimeout(error: unknown): boolean {
  return chainOf(error).some(({ code }) => code === LOCK_TIMEOUT);
}

/** True if the role lacks a right on a table or a schema. */
export function isMissingRight(error: unknown): boolean {
  return chainOf(error).some(({ code }) => code === INSUFFICIENT_PRIVILEGE);
}

/** True if a table of the statement does not exist, or if the role may not use its schema. */
export function isMissingTable(error: unknown): boolean {
  return chainOf(error).some(({ code }) => code === UNDEFINED_TABLE);
}

/** The name of the unique constraint that a statement violated; undefined for any other failure. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  const broken = chainOf(error).find(({ code }) => code === UNIQUE_VIOLATION);
  if (!broken) return undefined;
  return typeof broken.constraint === 'string' ? broken.constraint : '';
}

/** The error that clients may see for a database failure. Our own errors and bugs stay as they are. */
export function asAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  switch (databaseErrorClass(error)) {
    case 'OUTAGE':
      return new ServiceUnavailable({ cause: error });
    case 'CONFLICT':
      return conflictOf(error);
    case 'BAD_INPUT':
      // An earlier check should have refused the value. We log this, so that an operator learns of the gap.
      logger.warn(`The database refused a value: ${describe(error)}`);
      return new InvalidInput([
        { path: [], code: 'MALFORMED', message: 'The input holds a value that cannot be stored.' },
      ]);
    case 'BUG':
      return error;
  }
}

/** A connection that was closed while it was idle says so at once; one that broke for another reason takes its time. */
const STALE_MS = 1_000;

/**
 * Was it asked on a connection that had been closed while it was idle, so that another one may well answer? Only for what may
 * be done twice, and only once.
 * @param begunAt instant of `performance.now()` before it was asked
 */
export function wasStale(error: unknown, begunAt: number): boolean {
  return hasLostConnection(error) && performance.now() - begunAt < STALE_MS;
}

/** Did the connection break, so that whatever it was asked last has no answer? */
export function hasLostConnection(error: unknown): boolean {
  return chainOf(error).some((one) => isConnectionError(one) || LAST_WORDS.has(String(one.severity)));
}

function classOf({ code, message, routine }: DatabaseError): DatabaseErrorClass | undefined {
  if (typeof code === 'string') {
    if (code === NOTIFY_QUEUE_FULL.code && NOTIFY_QUEUE_FULL.routine.test(String(routine))) return 'OUTAGE';
    if (code === UNREADABLE_MESSAGE.code && UNREADABLE_MESSAGE.routine.test(String(routine))) return 'BAD_INPUT';
    if (OUTAGE_CODES.has(code)) return 'OUTAGE';
    if (code === UNIQUE_VIOLATION || code === FOREIGN_KEY_VIOLATION) return 'CONFLICT';
    const sqlClass = /^[0-9A-Z]{5}$/.test(code) ? code.slice(0, 2) : '';
    if (OUTAGE_CLASSES.has(sqlClass)) return 'OUTAGE';
    if (BAD_INPUT_CLASSES.has(sqlClass)) return 'BAD_INPUT';
  }
  return typeof message === 'string' && DRIVER_MESSAGES.test(message) ? 'OUTAGE' : undefined;
}

function conflictOf(error: unknown): Conflict {
  const conflict =
    brokenUniqueConstraint(error) === undefined
      ? new Conflict('INVALID_STATE', 'An object that this request refers to has been deleted meanwhile.')
      : new Conflict('ALREADY_EXISTS', 'An object with the same unique value already exists.');
  conflict.cause = error;
  return conflict;
}

/** The error and its causes, a few levels deep. */
function chainOf(error: unknown): DatabaseError[] {
  const chain: DatabaseError[] = [];
  let current = error;
  while (typeof current === 'object' && current !== null && chain.length < 5) {
    chain.push(current);
    const { cause, previous }: DatabaseError = current;
    current = cause ?? previous;
  }
  return chain;
}

/** Code and routine only: messages can quote the value. */
function describe(error: unknown): string {
  const [{ code, routine } = {} as DatabaseError] = chainOf(error).filter((one) => one.code !== undefined);
  return `${String(code)} in ${String(routine)}`;
}
