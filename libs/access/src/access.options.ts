import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { ScopeCatalogueOptions } from './scope-catalogue.js';

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: ACCESS_OPTIONS } =
  new ConfigurableModuleBuilder<ScopeCatalogueOptions>().setClassMethodName('forRoot').build();
