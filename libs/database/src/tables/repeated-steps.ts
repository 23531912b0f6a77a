import type { Client, ClientBase } from 'pg';
import { OperatorError } from '#kernel';
import { databaseErrorClass } from '../connections/database-errors.js';

/** Statements that `migrate` runs after the migrations, and again whenever they have changed. */
export interface RepeatedStep {
  name: string;
  /** What the statements take from the application, with a statement that fails where it is wrong. */
  checks: readonly { option: string; statement: string }[];
  /** @param schema the name of the PostgreSQL schema with our tables */
  statements(schema: string): string[];
  /** A condition in SQL: true where the database has what these statements make. */
  isDone(schema: string): string;
}

/** A step takes something from the application that the database does not have, or the login may not use. */
class StepRefused extends OperatorError {
  constructor(what: string, cause: Error) {
    super(`${what}: ${cause.message}.`, { cause });
  }
}

/** Names of the steps whose statements the database lacks. */
export async function pendingSteps(
  client: ClientBase,
  steps: readonly RepeatedStep[],
  schema: string,
): Promise<string[]> {
  const pending: string[] = [];
  for (const { name, isDone } of steps) {
    const { rows } = await client.query<{ done: boolean }>(`select (${isDone(schema)}) as done`);
    if (rows[0]?.done !== true) pending.push(name);
  }
  return pending;
}

/**
 * Runs all steps in one transaction if the database lacks any of them: one may need what an earlier one makes.
 * @returns the names of the steps that the database lacked
 * @throws {StepRefused} naming the option, or the step
 */
export async function repeatSteps(client: Client, steps: readonly RepeatedStep[], schema: string): Promise<string[]> {
  const pending = await pendingSteps(client, steps, schema);
  if (pending.length === 0) return [];
  for (const { option, statement } of steps.flatMap(({ checks }) => checks))
    await client.query(statement).catch((error: Error) => refuse(option, error));
  await client.query('begin');
  try {
    for (const { name, statements } of steps)
      for (const statement of statements(schema))
        await client.query(statement).catch((error: Error) => refuse(name, error));
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  return pending;
}

function refuse(what: string, error: Error): never {
  throw databaseErrorClass(error) === 'OUTAGE' ? error : new StepRefused(what, error);
}
