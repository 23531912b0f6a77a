import { Field, ObjectType } from '@nestjs/graphql';
import type { ApiKeyRow } from './api-key.reader.js';

@ObjectType({
  description:
    'While it is not null, two secrets open the same key. Until the new one is first used, a further rotation replaces ' +
    'only the new one, so that a lost answer can be retried with the old secret; once it is used, only the new one may ' +
    'rotate, and a further rotation ends the old one. A secret that has ended answers REVOKED_KEY.',
})
export class ApiKeyRotation {
  @Field({ description: 'When the new secret was made.' })
  startedAt!: Date;
  @Field({ description: 'The first characters of the old secret, as it is seen in a log.' })
  previousKeyPrefix!: string;
  @Field({ description: 'From this instant on the old secret opens nothing.' })
  previousExpiresAt!: Date;
  @Field(() => Date, {
    nullable: true,
    description: 'When the old secret was last let through: is anything left that uses it? Null: never.',
  })
  previousLastUsedAt!: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'When the new secret was first let through: has it arrived? Null: not yet.',
  })
  newFirstUsedAt!: Date | null;

  /** Null once only one secret opens the key. */
  static from(row: ApiKeyRow): ApiKeyRotation | null {
    const { isRotating, rotationStartedAt: startedAt, previousKeyPrefix, previousExpiresAt } = row;
    if (!isRotating || !startedAt || previousKeyPrefix === null || !previousExpiresAt) return null;
    const { previousLastUsedAt, newFirstUsedAt } = row;
    return { startedAt, previousKeyPrefix, previousExpiresAt, previousLastUsedAt, newFirstUsedAt };
  }
}
