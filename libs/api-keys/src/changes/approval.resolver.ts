import { Args, Field, ID, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, ScopeCatalogue, SessionOnly } from '#access';
import { Input } from '#kernel';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import { ApproveApiKeyInput } from './approval.inputs.js';
import { ApprovalService } from './approval.service.js';

@ObjectType({ description: 'The answer of `approveApiKey`.' })
export class ApproveApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key, which works from now on.' })
  apiKey!: ApiKeyObject;
}

@ObjectType({ description: 'The answer of `rejectApiKey`.' })
export class RejectApiKeyPayload {
  @Field(() => ApiKeyObject, { description: 'The key, ended for good.' })
  apiKey!: ApiKeyObject;
}

@Resolver()
export class ApprovalResolver {
  constructor(
    private readonly approvals: ApprovalService,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Mutation(() => ApproveApiKeyPayload, {
    nullable: true,
    description:
      'Lets a pending key work, as asked or narrower, on every instance within milliseconds; the same again on a second ' +
      'call. CONFLICT: INVALID_STATE unless the key is pending, VERSION_MISMATCH where the request has changed.',
  })
  @SessionOnly('TENANT_ADMIN')
  async approveApiKey(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which request, and what of it.' }) input: ApproveApiKeyInput,
  ): Promise<ApproveApiKeyPayload> {
    return {
      apiKey: ApiKeyObject.from(await this.approvals.approve(by, Input.argument('input', input)), this.catalogue),
    };
  }

  @Mutation(() => RejectApiKeyPayload, {
    nullable: true,
    description: 'Refuses a request: the pending key is revoked. CONFLICT (INVALID_STATE) unless the key is pending.',
  })
  @SessionOnly('TENANT_ADMIN')
  async rejectApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The pending key.' }) id: string,
    @Args('note', {
      type: () => String,
      nullable: true,
      description: 'Why, at most 2,000 characters; kept as `revocationNote`, which its owner sees.',
    })
    note?: string | null,
  ): Promise<RejectApiKeyPayload> {
    return { apiKey: ApiKeyObject.from(await this.approvals.reject(by, new Input({ id, note })), this.catalogue) };
  }
}
