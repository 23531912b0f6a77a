import { AccessNotDeclared } from '#access';
import {
  ConnectionNotDirect,
  databaseErrorClass,
  EmbeddedServerError,
  MigrationsBusy,
  RolesMissing,
  SchemaTooNew,
} from '#database';
import { AppError } from '#kernel';
import { reasonOf } from '../portal.errors.js';

const TOLD_BY_MESSAGE = [
  AccessNotDeclared,
  AppError,
  ConnectionNotDirect,
  EmbeddedServerError,
  MigrationsBusy,
  SchemaTooNew,
];

/** A failure of the rooms as an operator has to know it; undefined for one that nobody foresaw. */
export function describeRoomFailure(error: Error): string | undefined {
  if (error instanceof RolesMissing) {
    const statements = error.statements.map((statement) => `\n  ${statement};`);
    return `${error.message} An administrator runs this once:\n${statements.join('')}`;
  }
  if (TOLD_BY_MESSAGE.some((kind) => error instanceof kind)) return error.message;
  if (databaseErrorClass(error) === 'OUTAGE') return `The database does not answer: ${reasonOf(error)}`;
  return undefined;
}
