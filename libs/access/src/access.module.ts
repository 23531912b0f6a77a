import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ACCESS_OPTIONS, ConfigurableModuleClass } from './access.options.js';
import { AccessRegistry } from './access-registry.js';
import { ScopeCatalogue, type ScopeCatalogueOptions } from './scope-catalogue.js';

/** Global: a declaration means the same in every room. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: ScopeCatalogue,
      inject: [ACCESS_OPTIONS],
      useFactory: (options: ScopeCatalogueOptions) => new ScopeCatalogue(options),
    },
    AccessRegistry,
  ],
  exports: [ScopeCatalogue, AccessRegistry],
})
export class AccessModule extends ConfigurableModuleClass {}
