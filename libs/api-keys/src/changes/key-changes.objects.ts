import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ApiKeyObject } from '../keys/api-key.objects.js';

@ObjectType({ description: 'The answer of `updateApiKey`.' })
export class UpdateApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key as it is now.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `rotateApiKey`.' })
export class RotateApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key, with its `rotation` where an old secret still opens it.' })
  apiKey!: ApiKeyObject;
  @Field({ description: 'The new plaintext. It exists in this answer and nowhere else; lost, rotate once more.' })
  secret!: string;
}

@ObjectType({ description: 'The answer of `completeApiKeyRotation`.' })
export class CompleteApiKeyRotationPayload {
  @Field(() => ApiKeyObject, { description: 'The key, with no rotation any more.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `suspendApiKey`.' })
export class SuspendApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key, suspended now or before.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `resumeApiKey`.' })
export class ResumeApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key, suspended no more.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `revokeCurrentApiKey`.' })
export class RevokeCurrentApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key that ended itself.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `transferApiKey`.' })
export class TransferApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key with its new owner, and the scopes that are left.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `revokeApiKeys`. At most 100 keys are listed; the count is whole.' })
export class RevokeApiKeysPayload {
  @Field(() => [ApiKeyObject], { description: 'The keys that are revoked now, those included that were before.' })
  apiKeys!: ApiKeyObject[];
  @Field(() => Int, { description: 'How many there are, beyond those listed, too.' })
  count!: number;
}
