import { Args, Context, ID, Info, Mutation, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Actor, type ApiKeyPrincipal, Authenticated, CurrentActor, ScopeCatalogue, SessionOnly } from '#access';
import { InvalidationChannel } from '#database';
import { type GraphQLContext, requireAnswer } from '#graphql';
import { Input } from '#kernel';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { RevokeApiKeysInput, RotateApiKeyInput, UpdateApiKeyInput } from './key-changes.inputs.js';
import {
  CompleteApiKeyRotationPayload,
  ResumeApiKeyPayload,
  RevokeApiKeysPayload,
  RevokeCurrentApiKeyPayload,
  RotateApiKeyPayload,
  SuspendApiKeyPayload,
  TransferApiKeyPayload,
  UpdateApiKeyPayload,
} from './key-changes.objects.js';
import { KeyUpdateService } from './key-update.service.js';
import { RevocationService } from './revocation.service.js';
import { type RotatedKey, RotationService } from './rotation.service.js';
import { SuspensionService } from './suspension.service.js';
import { TransferService } from './transfer.service.js';

@Resolver()
export class KeyChangesResolver {
  constructor(
    private readonly updates: KeyUpdateService,
    private readonly rotations: RotationService,
    private readonly suspensions: SuspensionService,
    private readonly transfers: TransferService,
    private readonly revocations: RevocationService,
    private readonly catalogue: ScopeCatalogue,
    private readonly invalidations: InvalidationChannel,
  ) {}

  @Mutation(() => UpdateApiKeyPayload, {
    nullable: true,
    description: 'Changes what a key is and may do. CONFLICT (INVALID_STATE) for a revoked key.',
  })
  @SessionOnly()
  async updateApiKey(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which key, and what of it.' }) input: UpdateApiKeyInput,
  ): Promise<UpdateApiKeyPayload> {
    return this.shown(await this.updates.update(by, Input.argument('input', input)));
  }

  @Mutation(() => RotateApiKeyPayload, {
    nullable: true,
    description:
      'Gives a key a new secret, shown once, while the old one still opens it for `overlapSeconds`. A key ' +
      'may rotate itself; any other key needs a session (SESSION_REQUIRED). CONFLICT ' +
      '(INVALID_STATE) unless the key is ACTIVE or POLICY_BLOCKED.',
  })
  @Authenticated()
  async rotateApiKey(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which key, and for how long both secrets work.' }) input: RotateApiKeyInput,
    @Context() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RotateApiKeyPayload> {
    const shown = ({ key, secret }: RotatedKey) => ({ ...this.shown(key), secret });
    const check = (rotated: RotatedKey) => requireAnswer(shown(rotated), context, info);
    return shown(await this.rotations.rotate(by, Input.argument('input', input), check));
  }

  @Mutation(() => CompleteApiKeyRotationPayload, {
    nullable: true,
    description:
      'Ends the overlap now: the old secret stops working. Without an overlap nothing happens. CONFLICT ' +
      '(NEW_SECRET_UNUSED) while nobody has used the new secret, unless `force` is true; CONFLICT (INVALID_STATE) unless ' +
      'the key is ACTIVE or POLICY_BLOCKED.',
  })
  @SessionOnly()
  async completeApiKeyRotation(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The key whose old secret is to end.' }) id: string,
    @Args('force', {
      defaultValue: false,
      description: 'Also end it while nobody has used the new secret: every program that uses the key stops.',
    })
    force: boolean,
  ): Promise<CompleteApiKeyRotationPayload> {
    return this.shown(await this.rotations.complete(by, id, force));
  }

  @Mutation(() => SuspendApiKeyPayload, {
    nullable: true,
    description:
      'Stops a key until it is resumed; the same again on a second call. CONFLICT (INVALID_STATE) for a ' +
      'revoked key.',
  })
  @SessionOnly()
  async suspendApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The key to stop.' }) id: string,
  ): Promise<SuspendApiKeyPayload> {
    return this.shown(await this.suspensions.suspend(by, id));
  }

  @Mutation(() => ResumeApiKeyPayload, {
    nullable: true,
    description: 'Ends a suspension; the same again on a second call. CONFLICT (INVALID_STATE) for a revoked key.',
  })
  @SessionOnly()
  async resumeApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The key that may work again.' }) id: string,
  ): Promise<ResumeApiKeyPayload> {
    return this.shown(await this.suspensions.resume(by, id));
  }

  @Mutation(() => RevokeApiKeysPayload, {
    nullable: true,
    description:
      'Ends keys for good, on every instance within milliseconds; the same again on a second call. All or ' +
      'nothing: one unknown id is NOT_FOUND, and none is revoked.',
  })
  @SessionOnly()
  async revokeApiKeys(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which keys, and why.' }) input: RevokeApiKeysInput,
  ): Promise<RevokeApiKeysPayload> {
    const { keys, count } = await this.revocations.revoke(by, Input.argument('input', input));
    if (input.wait === 'EVERYWHERE') await this.invalidations.inForceEverywhere();
    return { apiKeys: keys.map((key) => ApiKeyObject.from(key, this.catalogue)), count };
  }

  @Mutation(() => RevokeCurrentApiKeyPayload, {
    nullable: true,
    description: 'The key that makes this request ends itself, for good; a session is KEY_REQUIRED.',
  })
  @Authenticated({ keyOnly: true })
  async revokeCurrentApiKey(
    @CurrentActor() by: ApiKeyPrincipal & { ip?: string },
  ): Promise<RevokeCurrentApiKeyPayload> {
    return this.shown(await this.revocations.revokeOwn(by));
  }

  @Mutation(() => TransferApiKeyPayload, {
    nullable: true,
    description:
      "Gives a key to another user of the tenant. Of its scopes those stay, for good, that both owners' " +
      "roles and the caller's open: it only narrows. CONFLICT (INVALID_STATE) for a revoked or expired " +
      'key, and where the new owner is not active.',
  })
  @SessionOnly('TENANT_ADMIN')
  async transferApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The key to give away.' }) id: string,
    @Args('ownerId', {
      type: () => ID,
      description: 'Who gets it: an active user of the same tenant, a person or a service account.',
    })
    ownerId: string,
  ): Promise<TransferApiKeyPayload> {
    return this.shown(await this.transfers.transfer(by, id, ownerId));
  }

  private shown(key: ApiKeyRow): { apiKey: ApiKeyObject } {
    return { apiKey: ApiKeyObject.from(key, this.catalogue) };
  }
}
