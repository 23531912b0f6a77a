import { Field, ObjectType } from '@nestjs/graphql';
import { ApiKeyObject } from '../keys/api-key.objects.js';

@ObjectType()
export class UpdateApiKeyPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}

@ObjectType()
export class RotateApiKeyPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
  @Field({ description: 'The new plaintext. It exists in this answer and nowhere else; lost, rotate once more.' })
  secret!: string;
}

@ObjectType()
export class CompleteApiKeyRotationPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}

@ObjectType()
export class SuspendApiKeyPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}

@ObjectType()
export class ResumeApiKeyPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}

@ObjectType()
export class RevokeCurrentApiKeyPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}

@ObjectType()
export class TransferApiKeyPayload {
  @Field(() => ApiKeyObject)
  apiKey!: ApiKeyObject;
}
