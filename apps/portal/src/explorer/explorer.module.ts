import { Module } from '@nestjs/common';
import { ExplorerAssets } from './explorer.assets.js';
import { ExplorerController } from './explorer.controller.js';
import { ExplorerPage } from './explorer.page.js';

/**
 * The page that a browser sees at `GET /graphql`. Never in production: the page needs introspection, which also helps an
 * attacker.
 */
@Module({ controllers: [ExplorerController], providers: [ExplorerAssets, ExplorerPage] })
export class ExplorerModule {}
