import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Connection, describedEnum } from '#graphql';
import type { ConfigBackupRow } from './config-backup.reader.js';

export const BACKUP_TRIGGER = describedEnum('BackupTrigger', 'What a backup was made for.', {
  MANUAL: 'Somebody asked for it.',
  SCHEDULED: 'A schedule asked for it.',
  PRE_UPGRADE: 'New firmware was about to be installed.',
});

@ObjectType('ConfigBackup', { description: "A device's exported configuration, kept as text." })
export class ConfigBackupObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field(() => BACKUP_TRIGGER, { description: 'What it was made for, as the client that stored it reported.' })
  trigger!: ConfigBackupRow['trigger'];
  @Field({ description: 'Checksum of `content` in UTF-8: 64 lower-case hex characters, computed by the server.' })
  sha256!: string;
  @Field(() => Int, { description: 'Length of `content` in UTF-8, at most 65,536.' })
  sizeBytes!: number;
  @Field(() => String, {
    description: 'Byte for byte as it was stored. At most 32 MB of contents can be asked for together.',
  })
  get content(): Promise<string> {
    return this.readContent();
  }
  @Field({ description: 'When it was stored.' })
  createdAt!: Date;
  /** Has a resolver of its own, since devices belong to another room. */
  deviceId!: string;
  private readContent!: () => Promise<string>;

  static from(row: ConfigBackupRow, readContent: () => Promise<string>): ConfigBackupObject {
    return Object.assign(new ConfigBackupObject(), {
      id: row.id,
      trigger: row.trigger,
      sha256: row.sha256,
      sizeBytes: row.sizeBytes,
      createdAt: row.createdAt,
      deviceId: row.deviceId,
      readContent,
    });
  }
}

@ObjectType({ description: 'A page of configuration backups, newest first.' })
export class ConfigBackupConnection extends Connection(ConfigBackupObject, 'ConfigBackup') {}

@ObjectType({ description: 'The answer of `storeConfigBackup`.' })
export class StoreConfigBackupPayload {
  @Field(() => ConfigBackupObject, { description: 'The backup as it was stored.' })
  configBackup!: ConfigBackupObject;
}
