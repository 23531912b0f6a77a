import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { DeviceDirectory, DeviceObject } from '#devices';
import { Input } from '#kernel';
import { ScheduleFirmwareUpgradeInput } from './firmware-upgrade.inputs.js';
import {
  CancelFirmwareUpgradePayload,
  FirmwareUpgradeObject,
  ScheduleFirmwareUpgradePayload,
} from './firmware-upgrade.objects.js';
import { FirmwareUpgradeService } from './firmware-upgrade.service.js';

@Resolver(() => FirmwareUpgradeObject)
export class FirmwareUpgradeResolver {
  constructor(
    private readonly service: FirmwareUpgradeService,
    private readonly devices: DeviceDirectory,
  ) {}

  @Mutation(() => ScheduleFirmwareUpgradePayload, {
    nullable: true,
    description: 'Plans new firmware for a device, beside what is planned already.',
  })
  @RequireScopes('firmware:write')
  async scheduleFirmwareUpgrade(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('input', { description: 'Which device, which version, when.' }) input: ScheduleFirmwareUpgradeInput,
  ): Promise<ScheduleFirmwareUpgradePayload> {
    return {
      firmwareUpgrade: FirmwareUpgradeObject.from(await this.service.schedule(by, Input.argument('input', input))),
    };
  }

  @Mutation(() => CancelFirmwareUpgradePayload, {
    nullable: true,
    description:
      'Calls an upgrade off. The same again on a second call; CONFLICT (INVALID_STATE) once its time has come.',
  })
  @RequireScopes('firmware:write')
  async cancelFirmwareUpgrade(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('id', { type: () => ID, description: 'The upgrade to call off.' }) id: string,
  ): Promise<CancelFirmwareUpgradePayload> {
    return { firmwareUpgrade: FirmwareUpgradeObject.from(await this.service.cancel(by, id)) };
  }

  @ResolveField(() => DeviceObject, { description: 'The device that is to get it.' })
  @RequireScopes('devices:read')
  device(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() upgrade: FirmwareUpgradeObject,
  ): Promise<DeviceObject> {
    return this.devices.deviceOf(request, by, upgrade.deviceId);
  }
}
