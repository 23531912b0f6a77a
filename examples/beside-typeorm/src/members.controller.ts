import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '@latchkey/nestjs/access';
import { Controller, Get } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Member } from './entities.js';

@Controller('members')
export class MembersController {
  constructor(@InjectRepository(Member) private readonly members: Repository<Member>) {}

  /** The tenant of the key is the account of its owner. */
  @Get()
  @RequireScopes('members:read')
  async list(@CurrentPrincipal() by: TenantPrincipal): Promise<string[]> {
    const members = await this.members.find({ where: { accountId: by.tenantId }, order: { email: 'asc' } });
    return members.map(({ email }) => email);
  }
}
