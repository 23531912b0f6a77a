import { AccessNotDeclared } from '#access';
import { OtherKeyPrefix } from '#api-keys';
import {
  ConnectionNotDirect,
  databaseErrorClass,
  LoginLacksRights,
  MigrationsBusy,
  RolesMissing,
  SchemaTooNew,
  ServerTooOld,
} from '#database';
import { EmbeddedServerError } from '#embedded-server';
import { AppError, ServiceUnavailable } from '#kernel';
import { reasonOf } from '../portal.errors.js';

const TOLD_BY_MESSAGE = [
  AccessNotDeclared,
  AppError,
  ConnectionNotDirect,
  EmbeddedServerError,
  LoginLacksRights,
  MigrationsBusy,
  OtherKeyPrefix,
  SchemaTooNew,
  ServerTooOld,
];

/** The failure in an operator's words; undefined for an unexpected failure. */
export function describeRoomFailure(error: Error): string | undefined {
  if (error instanceof RolesMissing) {
    const statements = error.statements.map((statement) => `\n  ${statement};`);
    return `${error.message} An administrator runs this once:\n${statements.join('')}`;
  }
  // Clients do not see the cause, but an operator does.
  if (error instanceof ServiceUnavailable && error.cause instanceof Error) return outage(rootOf(error.cause));
  if (TOLD_BY_MESSAGE.some((kind) => error instanceof kind)) return error.message;
  return databaseErrorClass(error) === 'OUTAGE' ? outage(error) : undefined;
}

const outage = (error: Error): string => `The database does not answer: ${reasonOf(error)}`;

/** The driver's message, without the whole statements that the ORM adds. */
const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);
