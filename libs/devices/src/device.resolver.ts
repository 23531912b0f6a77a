import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { countedPage, Input, mapPage } from '#kernel';
import { CreateDeviceInput, DevicesArguments, UpdateDeviceInput } from './device.inputs.js';
import {
  CreateDevicePayload,
  DeleteDevicePayload,
  DeviceConnection,
  DeviceObject,
  UpdateDevicePayload,
} from './device.objects.js';
import { DeviceService } from './device.service.js';

@Resolver(() => DeviceObject)
export class DeviceResolver {
  constructor(private readonly service: DeviceService) {}

  @Query(() => DeviceObject, { nullable: true, description: 'One device; null for an unknown id.' })
  @RequireScopes('devices:read')
  async device(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('id', { type: () => ID, description: 'A UUID; any other text is BAD_USER_INPUT.' }) id: string,
  ): Promise<DeviceObject | null> {
    const device = await this.service.find(by, id);
    return device && DeviceObject.from(device);
  }

  @Query(() => DeviceConnection, { description: 'The devices of the tenant, by hostname.' })
  @RequireScopes('devices:read')
  async devices(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args() { filter, ...page }: DevicesArguments,
  ): Promise<DeviceConnection> {
    const devices = await this.service.page(by, filter ?? {}, page);
    return countedPage(mapPage(devices, DeviceObject.from), () => this.service.count(by, filter ?? {}));
  }

  @Mutation(() => CreateDevicePayload, {
    nullable: true,
    description: 'Adds a device to the tenant. CONFLICT (ALREADY_EXISTS) where the hostname is taken.',
  })
  @RequireScopes('devices:write')
  async createDevice(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('input', { description: 'What the device is.' }) input: CreateDeviceInput,
  ): Promise<CreateDevicePayload> {
    return { device: DeviceObject.from(await this.service.create(by, Input.argument('input', input))) };
  }

  @Mutation(() => UpdateDevicePayload, {
    nullable: true,
    description:
      'Changes the members of a device that are given. CONFLICT (ALREADY_EXISTS) where the hostname is taken.',
  })
  @RequireScopes('devices:write')
  async updateDevice(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('input', { description: 'Which device, and what of it.' }) input: UpdateDeviceInput,
  ): Promise<UpdateDevicePayload> {
    return { device: DeviceObject.from(await this.service.update(by, Input.argument('input', input))) };
  }

  @Mutation(() => DeleteDevicePayload, {
    nullable: true,
    description:
      'Removes a device for good, with its alerts, configuration backups and firmware upgrades. NOT_FOUND ' +
      'on a second call.',
  })
  @RequireScopes('devices:write')
  async deleteDevice(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('id', { type: () => ID, description: 'The device to remove.' }) id: string,
  ): Promise<DeleteDevicePayload> {
    return { id: await this.service.delete(by, id) };
  }
}
