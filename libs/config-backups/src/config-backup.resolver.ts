import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { DeviceDirectory, DeviceObject } from '#devices';
import { Input, mapPage } from '#kernel';
import { ConfigBackupsArguments, StoreConfigBackupInput } from './config-backup.inputs.js';
import { ConfigBackupConnection, ConfigBackupObject, StoreConfigBackupPayload } from './config-backup.objects.js';
import { ConfigBackupService } from './config-backup.service.js';

@Resolver(() => ConfigBackupObject)
export class ConfigBackupResolver {
  constructor(
    private readonly service: ConfigBackupService,
    private readonly devices: DeviceDirectory,
  ) {}

  @Query(() => ConfigBackupConnection, { description: 'The configuration backups of the tenant, newest first.' })
  @RequireScopes('config:read')
  async configBackups(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Args() { deviceId, ...page }: ConfigBackupsArguments,
  ): Promise<ConfigBackupConnection> {
    return mapPage(await this.service.page(by, deviceId ?? null, page), (row) =>
      ConfigBackupObject.from(row, () => this.service.contentOf(request, by, row)),
    );
  }

  @Mutation(() => StoreConfigBackupPayload, {
    nullable: true,
    description: "Keeps a device's configuration beside those kept before; none is replaced.",
  })
  @RequireScopes('config:write')
  async storeConfigBackup(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('input', { description: 'Which device, and its configuration.' }) input: StoreConfigBackupInput,
  ): Promise<StoreConfigBackupPayload> {
    const row = await this.service.store(by, Input.argument('input', input));
    return { configBackup: ConfigBackupObject.from(row, async () => input.content) };
  }

  @ResolveField(() => DeviceObject, { description: 'The device whose configuration it is.' })
  @RequireScopes('devices:read')
  device(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() backup: ConfigBackupObject,
  ): Promise<DeviceObject> {
    return this.devices.deviceOf(request, by, backup.deviceId);
  }
}
