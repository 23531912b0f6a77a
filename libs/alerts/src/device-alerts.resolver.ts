import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { DeviceObject } from '#devices';
import { mapPage } from '#kernel';
import { NestedPageArguments } from '#graphql';
import { AlertConnection, AlertObject } from './alert.objects.js';
import { AlertService } from './alert.service.js';

/** The fields that this room adds to a device. */
@Resolver(() => DeviceObject)
export class DeviceAlertsResolver {
  constructor(private readonly service: AlertService) {}

  @ResolveField(() => AlertConnection, {
    description: 'What monitoring saw wrong with it, newest first. Of a list of devices it is one read.',
  })
  @RequireScopes('alerts:read')
  async alerts(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() device: DeviceObject,
    @Args() page: NestedPageArguments,
  ): Promise<AlertConnection> {
    return mapPage(await this.service.pageOfDevice(request, by, device.id, page), AlertObject.from);
  }
}
