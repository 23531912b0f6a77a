import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { DeviceDirectory, DeviceObject } from '#devices';
import { mapPage } from '#kernel';
import { AlertsArguments } from './alert.inputs.js';
import { AlertConnection, AlertObject } from './alert.objects.js';
import { AlertService } from './alert.service.js';

@Resolver(() => AlertObject)
export class AlertResolver {
  constructor(
    private readonly service: AlertService,
    private readonly devices: DeviceDirectory,
  ) {}

  @Query(() => AlertConnection, { description: 'The alerts of the tenant, newest first.' })
  @RequireScopes('alerts:read')
  async alerts(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args() { status, deviceId, ...page }: AlertsArguments,
  ): Promise<AlertConnection> {
    return mapPage(await this.service.page(by, { status, deviceId }, page), AlertObject.from);
  }

  @ResolveField(() => DeviceObject, { description: 'The device on which it was seen.' })
  @RequireScopes('devices:read')
  device(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() alert: AlertObject,
  ): Promise<DeviceObject> {
    return this.devices.deviceOf(request, by, alert.deviceId);
  }
}
