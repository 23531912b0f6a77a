import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessRegistry } from './access-registry.js';
import { ScopeCatalogue, type ScopeCatalogueOptions } from './scope-catalogue.js';

/** Global: a declaration means the same in every room. */
@Global()
@Module({})
export class AccessModule {
  static forRoot(options: ScopeCatalogueOptions): DynamicModule {
    return {
      module: AccessModule,
      imports: [DiscoveryModule],
      providers: [{ provide: ScopeCatalogue, useValue: new ScopeCatalogue(options) }, AccessRegistry],
      exports: [ScopeCatalogue, AccessRegistry],
    };
  }
}
