import { Body, Controller, ForbiddenException, Get, NotFoundException, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '#access';
import { Clock, NotFound } from '#kernel';
import { DevelopmentIssuer } from '#sessions';
import { TenancyAdministration } from '#tenancy';
import { DEMONSTRATION_PEOPLE } from '../commands/demonstration-data.js';

const SESSION_SECONDS = 60 * 60;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

export interface SignInPerson {
  email: string;
  name: string;
  role: string;
  tenant: { id: string; name: string } | null;
}

/**
 * Sessions of the demonstration's people, without a password, on a developer's machine. This controller exists only
 * where the development issuer does.
 */
@Controller('console/development')
@Public()
export class DevelopmentSignInController {
  constructor(
    private readonly administration: TenancyAdministration,
    private readonly issuer: DevelopmentIssuer,
    private readonly clock: Clock,
  ) {}

  @Get('people')
  async people(@Req() request: FastifyRequest): Promise<SignInPerson[]> {
    requireOwnMachine(request);
    const [users, tenants] = await Promise.all([this.administration.users(undefined), this.administration.tenants()]);
    return DEMONSTRATION_PEOPLE.flatMap((email) => {
      const user = users.find((user) => user.email === email);
      if (!user) return [];
      // The platform's own person has no tenant, and begins with the demonstration's.
      const admin = users.find((user) => user.email === DEMONSTRATION_PEOPLE[0]);
      const tenant = tenants.find(({ id }) => id === (user.tenantId ?? admin?.tenantId));
      const { name, role } = user;
      return [{ email, name, role, tenant: tenant ? { id: tenant.id, name: tenant.name } : null }];
    });
  }

  @Post('session')
  async session(@Req() request: FastifyRequest, @Body() body: unknown): Promise<{ token: string }> {
    requireOwnMachine(request);
    const email = (body as { email?: unknown } | null)?.email;
    if (!DEMONSTRATION_PEOPLE.some((known) => known === email)) throw new NotFoundException();
    const user = await this.administration.user(String(email)).catch((error: unknown) => {
      throw error instanceof NotFound ? new NotFoundException() : error;
    });
    return { token: await this.issuer.token(user.email, SESSION_SECONDS, this.clock.now()) };
  }
}

/**
 * A page of another origin, a name that was made to point at this machine, and another machine get no session.
 * @throws {ForbiddenException}
 */
function requireOwnMachine({ headers, socket }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const isOwnPage = site === undefined || site === 'same-origin';
  const isOwnMachine = LOOPBACK_HOST.test(headers.host ?? '') && LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '');
  if (!isOwnPage || !isOwnMachine) throw new ForbiddenException();
}
