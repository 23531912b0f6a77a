import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { ForwardPageArguments } from '#graphql';
import { BACKUP_TRIGGER } from './config-backup.objects.js';
import type { ConfigBackupRow } from './config-backup.reader.js';

@ArgsType()
export class ConfigBackupsArguments extends ForwardPageArguments {
  @Field(() => ID, { nullable: true, description: 'Only of this device; an unknown one has none.' })
  deviceId?: string | null;
}

@InputType({ description: "A device's configuration, to be kept." })
export class StoreConfigBackupInput {
  @Field(() => ID, { description: 'Whose configuration it is; NOT_FOUND for an unknown one.' })
  deviceId!: string;
  @Field(() => BACKUP_TRIGGER, { defaultValue: BACKUP_TRIGGER.MANUAL, description: 'What it is made for.' })
  trigger!: ConfigBackupRow['trigger'];
  @Field({ description: 'At most 64 kB in UTF-8, at least one byte, no NUL. Kept as it is.' })
  content!: string;
}
