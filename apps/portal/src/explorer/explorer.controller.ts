import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '#access';
import { ExplorerAssets } from './explorer.assets.js';

@Controller('explorer')
export class ExplorerController {
  constructor(private readonly assets: ExplorerAssets) {}

  /** A browser fetches scripts without a credential, and these are public packages. */
  @Get(':file')
  @Public()
  file(@Param('file') file: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    const asset = this.assets.find(file);
    if (!asset) throw new NotFoundException();
    void reply
      .type(asset.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff');
    return asset.body;
  }
}
