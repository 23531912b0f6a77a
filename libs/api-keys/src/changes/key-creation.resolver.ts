import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, ScopeCatalogue, SessionOnly } from '#access';
import { Input } from '#kernel';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import { CreateApiKeyInput } from './key-creation.inputs.js';
import { CreateApiKeyPayload } from './key-creation.objects.js';
import { KeyCreationService } from './key-creation.service.js';

@Resolver()
export class KeyCreationResolver {
  constructor(
    private readonly creations: KeyCreationService,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Mutation(() => CreateApiKeyPayload, {
    nullable: true,
    description:
      'Makes a key and shows its secret, once. CONFLICT: INVALID_STATE where the owner is not active, ' +
      'ALREADY_EXISTS where the idempotency key had another input.',
  })
  @SessionOnly('TENANT_ADMIN')
  async createApiKey(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'What the key may do, for whom and for how long.' }) input: CreateApiKeyInput,
  ): Promise<CreateApiKeyPayload> {
    const { key, secret } = await this.creations.create(by, Input.argument('input', input));
    return { apiKey: ApiKeyObject.from(key, this.catalogue), secret };
  }
}
