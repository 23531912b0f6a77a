import { Field, ObjectType } from '@nestjs/graphql';
import { ApiKeyObject } from '../keys/api-key.objects.js';

@ObjectType({ description: 'The answer of `createApiKey`.' })
export class CreateApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key, without its secret.' })
  apiKey!: ApiKeyObject;
  @Field(() => String, {
    nullable: true,
    description:
      'The plaintext: what clients send. It exists in this answer and nowhere else. Null on an idempotent replay.',
  })
  secret!: string | null;
}
