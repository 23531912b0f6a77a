import { Injectable, type OnModuleInit } from '@nestjs/common';
import { sql } from 'kysely';
import { JobsDatabase, type Session } from '#database';
import { OperatorError } from '#kernel';
import { ApiKeyFormat } from './api-key.format.js';

/** This instance would refuse the keys that others make on the same database, and end nothing when one is reported. */
class OtherKeyPrefix extends OperatorError {
  constructor(
    readonly configured: string,
    readonly stored: string,
  ) {
    super(
      `This instance is configured for API keys that begin with "${configured}_", and those of its database begin with ` +
        `"${stored}_". Set API_KEYS_PREFIX to "${stored}", or use another database. To change the prefix for good, stop ` +
        `every instance and delete the row of the table api_key_prefix: keys that begin with "${stored}_" end with that.`,
    );
  }
}

/** Instances of one database have one prefix. The first start writes it down; a start with another one fails. */
@Injectable()
export class KeyPrefixCheck implements OnModuleInit {
  constructor(
    private readonly database: JobsDatabase,
    private readonly format: ApiKeyFormat,
  ) {}

  /**
   * @throws {OtherKeyPrefix}
   * @throws {ServiceUnavailable}
   */
  async onModuleInit(): Promise<void> {
    const { prefix } = this.format;
    // A database that is not migrated has no such table; what it lacks is reported elsewhere.
    if (!(await this.database.read(hasTable))) return;
    const stored = (await this.database.read(storedPrefix)) ?? (await this.database.writeQuietly(claim(prefix)));
    if (stored !== prefix) throw new OtherKeyPrefix(prefix, stored ?? 'nothing');
  }
}

async function hasTable(session: Session): Promise<boolean> {
  const { rows } = await sql<{ exists: boolean }>`
    select to_regclass('api_key_prefix') is not null as exists`.execute(session);
  return rows[0]?.exists === true;
}

async function storedPrefix(session: Session): Promise<string | undefined> {
  const { rows } = await sql<{ prefix: string }>`select prefix from api_key_prefix`.execute(session);
  return rows[0]?.prefix;
}

/** Of two first starts at once one writes, and the other waits for what it wrote. */
function claim(prefix: string): (session: Session) => Promise<string | undefined> {
  return async (session) => {
    await sql`insert into api_key_prefix (prefix) values (${prefix}) on conflict do nothing`.execute(session);
    return storedPrefix(session);
  };
}
