import { OperatorError } from '#kernel';
import { reasonOf } from './reason-of.js';

/** The environment has variables that are missing or unusable. One message names them all. */
export class BadEnvironment extends OperatorError {}

/** The database lacks migrations of this build. */
export class SchemaIncomplete extends OperatorError {
  constructor(names: readonly string[]) {
    super(`The database lacks ${names.join(', ')}: run "npm run portal -- migrate" first.`);
  }
}

/** `serve --workers` lacks what several processes would share. */
export class WorkersRefused extends OperatorError {
  constructor(missing: readonly string[]) {
    super(`Several workers need ${missing.join(', and ')}.`);
  }
}

/** The source that `import --from` names cannot be read. */
export class SourceUnreadable extends OperatorError {
  constructor(cause: Error) {
    super(`--from cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** The source had rows, and none of them was accepted. The reasons were printed before. */
export class NothingImported extends OperatorError {
  constructor() {
    super('Nothing was imported: every row was skipped.');
  }
}

/** Sessions come from an issuer that is not ours. */
export class IssuerElsewhere extends OperatorError {
  constructor() {
    super('Session tokens come from the configured issuer: this command makes tokens of the development issuer only.');
  }
}

/** A session token for this user would open nothing. */
export class NoSessions extends OperatorError {
  constructor(why: string, instead: string) {
    super(`${why} and has no sessions: use "npm run portal -- ${instead}" instead.`);
  }
}
