import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { DeviceObject } from '#devices';
import { FirmwareUpgradeObject } from './firmware-upgrade.objects.js';
import { FirmwareUpgradeService } from './firmware-upgrade.service.js';

/** The fields that this room adds to a device. */
@Resolver(() => DeviceObject)
export class DeviceFirmwareResolver {
  constructor(private readonly service: FirmwareUpgradeService) {}

  @ResolveField(() => [FirmwareUpgradeObject], {
    description:
      'Its upgrades, planned, past and called off: newest first, at most 50. There is no read scope for ' +
      'firmware: who may schedule may look.',
  })
  @RequireScopes('firmware:write')
  async firmwareUpgrades(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() device: DeviceObject,
  ): Promise<FirmwareUpgradeObject[]> {
    return (await this.service.ofDevice(request, by, device.id)).map(FirmwareUpgradeObject.from);
  }
}
