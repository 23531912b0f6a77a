import { Args, Context, Info, Mutation, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Actor, CurrentActor, ScopeCatalogue, SessionOnly } from '#access';
import { type GraphQLContext, requireAnswer } from '#graphql';
import { Input } from '#kernel';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import { CreateApiKeyInput } from './key-creation.inputs.js';
import { CreateApiKeyPayload } from './key-creation.objects.js';
import { KeyCreationService, type MadeKey } from './key-creation.service.js';

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
      'ALREADY_EXISTS where the idempotency key had another input. A session below TENANT_ADMIN makes keys of its own, if the ' +
      'policy lets it (FORBIDDEN, MEMBER_KEYS_OFF); with APPROVAL the key is PENDING until an admin approves it.',
  })
  @SessionOnly()
  async createApiKey(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'What the key may do, for whom and for how long.' }) input: CreateApiKeyInput,
    @Context() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateApiKeyPayload> {
    const check = (made: MadeKey) => requireAnswer(this.shown(made), context, info);
    return this.shown(await this.creations.create(by, Input.argument('input', input), check));
  }

  private shown({ key, secret }: MadeKey): CreateApiKeyPayload {
    return { apiKey: ApiKeyObject.from(key, this.catalogue), secret };
  }
}
