/** The environment has variables that are missing or unusable. One message names them all. */
export class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment';
}

/** The database lacks migrations of this build. */
export class SchemaIncomplete extends Error {
  override readonly name = 'SchemaIncomplete';

  constructor(names: readonly string[]) {
    super(`The database lacks ${names.join(', ')}: run "npm run portal -- migrate" first.`);
  }
}

/** The source that `import --from` names cannot be read. */
export class SourceUnreadable extends Error {
  override readonly name = 'SourceUnreadable';

  constructor(cause: Error) {
    super(`--from cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Sessions come from an issuer that is not ours. */
export class IssuerElsewhere extends Error {
  override readonly name = 'IssuerElsewhere';

  constructor() {
    super('Session tokens come from the configured issuer; only the development issuer is ours.');
  }
}

/** Node's AggregateError (one error per address) has an empty message. */
export function reasonOf(error: Error): string {
  return error instanceof AggregateError ? error.errors.map(String).join('; ') : error.message;
}
