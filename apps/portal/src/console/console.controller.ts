import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { Public } from '#access';
import { ConsoleAssets } from './console.assets.js';
import { ConsolePage } from './console.page.js';

/** The page and its files are public: who may see what is the API's to decide, request by request. */
@Controller('console')
@Public()
export class ConsoleController {
  constructor(
    private readonly assets: ConsoleAssets,
    private readonly page: ConsolePage,
  ) {}

  @Get('assets/:file')
  asset(
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer {
    const asset = this.assets.find(file);
    if (!asset) throw new NotFoundException();
    void reply.type(asset.type).headers({
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    });
    if (!asset.gzipped || !new Negotiator(request).encodings(['gzip']).includes('gzip')) return asset.body;
    void reply.header('content-encoding', 'gzip');
    return asset.gzipped;
  }

  @Get('renewed')
  renewed(@Res({ passthrough: true }) reply: FastifyReply): string {
    return this.page.sendRenewal(reply);
  }

  /** One page for every address below: the browser decides what to show at it. */
  @Get(['', '*'])
  index(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    return this.page.send(reply, request.ip);
  }
}
