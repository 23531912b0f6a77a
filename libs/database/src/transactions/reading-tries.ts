import { wasStale } from '../connections/database-errors.js';
import { isOutdatedPlan } from './prepared-statements.js';

/** One break may follow another: of connections closed while idle, and of the new one beside them. */
const MOST_TRIES = 3;

/**
 * Reads, and reads again where an idle connection had been closed, or where a migration has changed the columns of a prepared
 * statement. For reads alone: a write may have been done.
 * @param renewStatements gives prepared statements new names
 * @throws the last failure, as the driver gave it
 */
export async function tryReading<Result>(read: () => Promise<Result>, renewStatements: () => void): Promise<Result> {
  const begunAt = performance.now();
  for (let left = MOST_TRIES - 1; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (left === 0) throw error;
      if (isOutdatedPlan(error)) renewStatements();
      else if (!wasStale(error, begunAt)) throw error;
    }
  }
}
