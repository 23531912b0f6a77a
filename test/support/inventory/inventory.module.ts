import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { Args, Field, Int, Mutation, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, Public, RequireScopes, SessionOnly, type TenantPrincipal } from '#access';
import { DeviceService, DevicesModule } from '#devices';
import { Input } from '#kernel';

@ObjectType()
export class Inventory {
  @Field(() => Int)
  devices!: number;
}

/** A room outside the tree: it knows the doors of others and nothing else. */
@Injectable()
export class InventoryService {
  constructor(private readonly devices: DeviceService) {}

  async count(by: TenantPrincipal): Promise<Inventory> {
    return { devices: await this.devices.count(by, {}) };
  }

  async add(by: TenantPrincipal, hostname: string): Promise<Inventory> {
    await this.devices.create(by, new Input({ hostname, ipAddress: '192.0.2.1' }));
    return this.count(by);
  }
}

@Resolver(() => Inventory)
export class InventoryResolver {
  constructor(private readonly service: InventoryService) {}

  @Query(() => Inventory)
  @RequireScopes('devices:read')
  inventory(@CurrentPrincipal() by: TenantPrincipal): Promise<Inventory> {
    return this.service.count(by);
  }

  @Mutation(() => Inventory, { nullable: true })
  @RequireScopes('devices:read', 'devices:write')
  addToInventory(@CurrentPrincipal() by: TenantPrincipal, @Args('hostname') hostname: string): Promise<Inventory> {
    return this.service.add(by, hostname);
  }

  @ResolveField(() => Int)
  @RequireScopes('config:read')
  backups(@Parent() inventory: Inventory): number {
    return inventory.devices * 2;
  }

  @ResolveField(() => String)
  @SessionOnly('TENANT_ADMIN')
  auditNote(): string {
    return 'counted by hand';
  }
}

@Controller('inventory')
@RequireScopes('devices:read')
export class InventoryController {
  constructor(private readonly service: InventoryService) {}

  @Get('count')
  async count(@CurrentPrincipal() by: TenantPrincipal): Promise<{ devices: number }> {
    return this.service.count(by);
  }

  @Get('backups')
  @RequireScopes('config:read')
  async backups(@CurrentPrincipal() by: TenantPrincipal): Promise<{ backups: number }> {
    return { backups: (await this.service.count(by)).devices * 2 };
  }

  /** A monitor of the room has no credential. */
  @Get('health')
  @Public()
  health(): { status: string } {
    return { status: 'ok' };
  }
}

@Module({
  imports: [DevicesModule],
  providers: [InventoryService, InventoryResolver],
  controllers: [InventoryController],
})
export class InventoryModule {}
