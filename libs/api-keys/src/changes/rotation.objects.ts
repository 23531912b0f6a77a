import { Field, ObjectType } from '@nestjs/graphql';
import type { ApiKeyRow } from '../keys/api-key.reader.js';

@ObjectType({
  description:
    'While it is not null, two secrets open the same key. Until the new one is first used, a further rotation replaces ' +
    'only the new one, so that a lost answer can be retried with the old secret; once it is used, only the new one may ' +
    'rotate, and a further rotation ends the old one. A secret that has ended answers REVOKED_KEY.',
})
export class ApiKeyRotation {
  @Field()
  startedAt!: Date;
  @Field({ description: 'What the old secret starts with.' })
  previousKeyPrefix!: string;
  @Field({ description: 'From this instant on the old secret opens nothing.' })
  previousExpiresAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Is anything left that still uses the old secret?' })
  previousLastUsedAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'Has the new secret arrived where it is needed?' })
  newFirstUsedAt!: Date | null;

  /** Null once only one secret opens the key. */
  static from(row: ApiKeyRow): ApiKeyRotation | null {
    const { isRotating, rotationStartedAt: startedAt, previousKeyPrefix, previousExpiresAt } = row;
    if (!isRotating || !startedAt || previousKeyPrefix === null || !previousExpiresAt) return null;
    const { previousLastUsedAt, newFirstUsedAt } = row;
    return { startedAt, previousKeyPrefix, previousExpiresAt, previousLastUsedAt, newFirstUsedAt };
  }
}
