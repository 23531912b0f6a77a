import { Controller, Get, Inject, NotFoundException, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '#access';

/** Where `GET /` leads; null: nowhere. */
export const HOME = Symbol('HOME');

/** The bare address of the portal leads to the console, else to the explorer, else nowhere. */
@Controller()
@Public()
export class HomeController {
  constructor(@Inject(HOME) private readonly home: string | null) {}

  @Get()
  index(@Res({ passthrough: true }) reply: FastifyReply): void {
    if (this.home === null) throw new NotFoundException();
    void reply.redirect(this.home, 302);
  }
}
