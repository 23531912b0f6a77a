import { Args, ID, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, type ApiKeyPrincipal, Authenticated, CurrentActor, ScopeCatalogue, SessionOnly } from '#access';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import type { ApiKeyRow } from '../keys/api-key.reader.js';
import { RotateApiKeyInput, UpdateApiKeyInput } from './key-changes.inputs.js';
import {
  CompleteApiKeyRotationPayload,
  ResumeApiKeyPayload,
  RevokeCurrentApiKeyPayload,
  RotateApiKeyPayload,
  SuspendApiKeyPayload,
  TransferApiKeyPayload,
  UpdateApiKeyPayload,
} from './key-changes.objects.js';
import { KeyUpdateService } from './key-update.service.js';
import { RevocationService } from './revocation.service.js';
import { RotationService } from './rotation.service.js';
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
  ) {}

  @Mutation(() => UpdateApiKeyPayload, { nullable: true, description: 'Changes what a key is and may do.' })
  @SessionOnly('TENANT_ADMIN')
  async updateApiKey(@CurrentActor() by: Actor, @Args('input') input: UpdateApiKeyInput): Promise<UpdateApiKeyPayload> {
    return this.shown(await this.updates.update(by, input));
  }

  @Mutation(() => RotateApiKeyPayload, {
    nullable: true,
    description: "A key may rotate itself; any other key needs a tenant admin's session.",
  })
  @Authenticated()
  async rotateApiKey(@CurrentActor() by: Actor, @Args('input') input: RotateApiKeyInput): Promise<RotateApiKeyPayload> {
    const { key, secret } = await this.rotations.rotate(by, input);
    return { ...this.shown(key), secret };
  }

  @Mutation(() => CompleteApiKeyRotationPayload, {
    nullable: true,
    description: 'Ends the overlap now: the old secret stops working.',
  })
  @SessionOnly('TENANT_ADMIN')
  async completeApiKeyRotation(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<CompleteApiKeyRotationPayload> {
    return this.shown(await this.rotations.complete(by, id));
  }

  @Mutation(() => SuspendApiKeyPayload, { nullable: true, description: 'Stops a key until it is resumed.' })
  @SessionOnly('TENANT_ADMIN')
  async suspendApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<SuspendApiKeyPayload> {
    return this.shown(await this.suspensions.suspend(by, id));
  }

  @Mutation(() => ResumeApiKeyPayload, { nullable: true, description: 'Ends a suspension.' })
  @SessionOnly('TENANT_ADMIN')
  async resumeApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ResumeApiKeyPayload> {
    return this.shown(await this.suspensions.resume(by, id));
  }

  @Mutation(() => RevokeCurrentApiKeyPayload, { nullable: true, description: 'A key ends itself.' })
  @Authenticated({ keyOnly: true })
  async revokeCurrentApiKey(
    @CurrentActor() by: ApiKeyPrincipal & { ip?: string },
  ): Promise<RevokeCurrentApiKeyPayload> {
    return this.shown(await this.revocations.revokeOwn(by));
  }

  @Mutation(() => TransferApiKeyPayload, {
    nullable: true,
    description:
      'Gives a key to another user of the tenant. Of its scopes those stay that both owners may use: it only narrows.',
  })
  @SessionOnly('TENANT_ADMIN')
  async transferApiKey(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID }) id: string,
    @Args('ownerId', { type: () => ID }) ownerId: string,
  ): Promise<TransferApiKeyPayload> {
    return this.shown(await this.transfers.transfer(by, id, ownerId));
  }

  private shown(key: ApiKeyRow): { apiKey: ApiKeyObject } {
    return { apiKey: ApiKeyObject.from(key, this.catalogue) };
  }
}
