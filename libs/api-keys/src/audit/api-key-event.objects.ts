import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { JsonObject } from '#kernel';
import { Connection, describedEnum, ForwardPageArguments, JSONObject } from '#graphql';
import { UserObject } from '#tenancy/graphql';
import type { ApiKeyEventRow } from './api-key-event.reader.js';
import type { ApiKeyEventKind } from '../words.js';

const API_KEY_EVENT_KIND = describedEnum('ApiKeyEventKind', 'What happened to a key, or to the rules for keys.', {
  CREATED: 'The key was made.',
  UPDATED: 'What it is or may do was changed.',
  ROTATED: 'It got a new secret.',
  ROTATION_COMPLETED: 'The overlap with the old secret was ended.',
  SUSPENDED: 'It was stopped for a while.',
  RESUMED: 'Its suspension was ended.',
  REVOKED: 'It was ended for good.',
  TRANSFERRED: 'It got another owner.',
  LEAK_REPORTED: 'Somebody found it in the open, and it was ended for good.',
  POLICY_CHANGED: "The tenant's rules for keys were changed.",
  IMPORTED: 'It was brought over from the replaced system.',
  APPROVED: 'An admin approved what a member had asked for.',
  REJECTED: 'An admin refused what a member had asked for, and it was ended for good.',
});

@ObjectType('ApiKeyEvent', {
  description:
    'One change of a key or of the policy. Written in the same transaction as the change; never changed ' +
    'or removed through the API.',
})
export class ApiKeyEventObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field({ description: 'When the change was made.' })
  at!: Date;
  @Field(() => API_KEY_EVENT_KIND, { description: 'What was done to the key, or to the policy.' })
  kind!: ApiKeyEventKind;
  @Field(() => ID, {
    nullable: true,
    description: 'The key that was changed. Null where the event is about no single key.',
  })
  apiKeyId!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'What the key was called then. Null where the event is about no single key.',
  })
  apiKeyName!: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'Name of the user or the key who did it, as it was then, though it be gone by now. Null: the system.',
  })
  actorName!: string | null;
  @Field(() => ID, { nullable: true, description: 'The key that did it; null where a user or the system did.' })
  actorKeyId!: string | null;
  @Field(() => String, {
    nullable: true,
    description: "Address of the client who asked for it. A member sees none but its own and its key's.",
  })
  ip!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Of a leak: where the key was found, as reported by a stranger. Text to be read, not a link to be followed.',
  })
  foundAt!: string | null;
  @Field(() => JSONObject, {
    description: 'Changed members, old and new: `{ "name": { "old": …, "new": … } }`. Never a secret or a hash.',
  })
  changes!: JsonObject;

  private readActor!: () => Promise<UserObject | null>;

  /** Read only for answers that ask for the member. */
  @Field(() => UserObject, {
    nullable: true,
    description: 'Null: the system, a key (see `actorKeyId`), or a user who is gone (see `actorName`).',
  })
  get actor(): Promise<UserObject | null> {
    return this.readActor();
  }

  static from(row: ApiKeyEventRow, readActor: () => Promise<UserObject | null>): ApiKeyEventObject {
    const { id, at, kind, apiKeyId, apiKeyName, actorName, actorKeyId, ip, foundAt, changes } = row;
    const shown = { id, at, kind, apiKeyId, apiKeyName, actorName, actorKeyId, ip, foundAt, changes, readActor };
    return Object.assign(new ApiKeyEventObject(), shown);
  }
}

@ObjectType({ description: 'A page of events, newest first.' })
export class ApiKeyEventConnection extends Connection(ApiKeyEventObject, 'ApiKeyEvent') {}

@InputType('ApiKeyEventFilter', { description: 'Which events to list: all given members must hold.' })
export class ApiKeyEventFilterInput {
  @Field(() => ID, { nullable: true, description: 'Events of this key, revoked ones included.' })
  apiKeyId?: string | null;
  @Field(() => [API_KEY_EVENT_KIND], {
    nullable: true,
    description: 'Events of one of these kinds. An empty list admits none.',
  })
  kind?: ApiKeyEventKind[] | null;
  @Field(() => ID, { nullable: true, description: 'What this user did; a user who is gone may be named, too.' })
  actorId?: string | null;
  @Field(() => Date, { nullable: true, description: 'Events later than this instant.' })
  after?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Events earlier than this instant.' })
  before?: Date | null;
}

@ArgsType()
export class ApiKeyEventsArguments extends ForwardPageArguments {
  @Field(() => ApiKeyEventFilterInput, {
    nullable: true,
    description: "Omitted: every event of the tenant; of a member's own keys, where a member asks.",
  })
  filter?: ApiKeyEventFilterInput | null;
}
