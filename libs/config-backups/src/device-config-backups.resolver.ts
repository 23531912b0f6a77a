import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { DeviceObject } from '#devices';
import { mapPage } from '#kernel';
import { NestedPageArguments } from '#graphql';
import { ConfigBackupConnection, ConfigBackupObject } from './config-backup.objects.js';
import { ConfigBackupService } from './config-backup.service.js';

/** The fields that this room adds to a device. */
@Resolver(() => DeviceObject)
export class DeviceConfigBackupsResolver {
  constructor(private readonly service: ConfigBackupService) {}

  @ResolveField(() => ConfigBackupConnection, {
    description: 'Its kept configurations, newest first. Of a list of devices it is one read.',
  })
  @RequireScopes('config:read')
  async configBackups(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() device: DeviceObject,
    @Args() page: NestedPageArguments,
  ): Promise<ConfigBackupConnection> {
    return mapPage(await this.service.pageOfDevice(request, by, device.id, page), (row) =>
      ConfigBackupObject.from(row, () => this.service.contentOf(request, by, row)),
    );
  }
}
