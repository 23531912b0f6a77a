import { AppError, ServiceUnavailable } from '#kernel';

/** SQLSTATE classes and codes that mean "away, or too busy": connection, resources, operator's doing, time limits. */
const OUTAGE_CLASSES = new Set(['08', '53', '57', '58']);
const OUTAGE_CODES = new Set(['55P03', '25P03', '25P04', '40001', '40P01']);
/** The driver's word for a NUL byte in a value. It is class 08 all the same, and no outage. */
const NUL_IN_VALUE = '08P01';
const NETWORK_ERRORS = /^E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$/;
/** `pg` gives these no code. */
const DRIVER_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after|driver has already been destroyed)/;

interface DatabaseError {
  code?: unknown;
  message?: unknown;
  constraint?: unknown;
  cause?: unknown;
  previous?: unknown;
}

const isObject = (value: unknown): value is DatabaseError => typeof value === 'object' && value !== null;

/** Is the database away, or too slow to answer in time? Never true of what a value in a statement brought about. */
export function isOutage(error: unknown): boolean {
  for (let current = error, depth = 0; isObject(current) && depth < 5; depth++) {
    const { code, message } = current;
    if (typeof code === 'string') {
      if (code === NUL_IN_VALUE) return false;
      if (OUTAGE_CODES.has(code) || NETWORK_ERRORS.test(code)) return true;
      if (/^[0-9A-Z]{5}$/.test(code) && OUTAGE_CLASSES.has(code.slice(0, 2))) return true;
    }
    if (typeof message === 'string' && DRIVER_MESSAGES.test(message)) return true;
    current = current.cause ?? current.previous;
  }
  return false;
}

/** The name of the unique constraint that a statement broke; undefined for any other failure. */
export function brokenUniqueConstraint(error: unknown): string | undefined {
  for (let current = error, depth = 0; isObject(current) && depth < 5; depth++) {
    if (current.code === '23505') return typeof current.constraint === 'string' ? current.constraint : '';
    current = current.cause ?? current.previous;
  }
  return undefined;
}

/** What clients may be told of a database failure: an outage as such, our own errors as they are, the rest as a bug. */
export function asAppError(error: unknown): unknown {
  if (error instanceof AppError) return error;
  return isOutage(error) ? new ServiceUnavailable({ cause: error }) : error;
}
