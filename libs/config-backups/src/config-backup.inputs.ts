import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import type { PageArguments } from '#kernel';
import { BACKUP_TRIGGER } from './config-backup.objects.js';
import type { ConfigBackupRow } from './config-backup.reader.js';

@ArgsType()
export class ConfigBackupsArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: '1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  after?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only of this device.' })
  deviceId?: string | null;
}

@InputType()
export class StoreConfigBackupInput {
  @Field(() => ID)
  deviceId!: string;
  @Field(() => BACKUP_TRIGGER, { defaultValue: BACKUP_TRIGGER.MANUAL })
  trigger!: ConfigBackupRow['trigger'];
  @Field({ description: 'At most 64 kB in UTF-8, at least one byte, no NUL. Kept as it is.' })
  content!: string;
}
