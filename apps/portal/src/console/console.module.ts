import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { Clock, SystemClock } from '#kernel';
import { DevelopmentIssuer } from '#sessions';
import { TenancyModule } from '#tenancy';
import type { PortalConfig } from '../portal.config.js';
import { ConsoleAssets } from './console.assets.js';
import { ConsoleController } from './console.controller.js';
import { consoleModeOf } from './console.mode.js';
import { CONSOLE_SETTINGS, ConsolePage, type ConsoleSettings } from './console.page.js';
import { DevelopmentSignInController } from './development-sign-in.controller.js';
import { HOME, HomeController } from './home.controller.js';

/** `GET /console`, and where `GET /` leads. */
@Module({})
export class ConsoleModule {
  static forRoot(config: PortalConfig): DynamicModule {
    const mode = consoleModeOf(config);
    const hasExplorer = !config.isProduction;
    const explorer = hasExplorer ? '/graphql' : null;
    if (mode.kind === 'off') return { ...homeAt(explorer), module: ConsoleModule };
    const home = homeAt('/console');
    const settings: ConsoleSettings = { mode, hasExplorer, keyPrefix: config.apiKeys.prefix };
    const development = mode.kind === 'development' ? developmentSignIn(config) : { controllers: [], providers: [] };
    return {
      module: ConsoleModule,
      imports: [TenancyModule],
      controllers: [...home.controllers, ...development.controllers, ConsoleController],
      providers: [
        ...home.providers,
        ...development.providers,
        { provide: Clock, useClass: SystemClock },
        ConsoleAssets,
        ConsolePage,
        { provide: CONSOLE_SETTINGS, useValue: settings },
      ],
    };
  }
}

interface Part {
  controllers: Type[];
  providers: Provider[];
}

function homeAt(address: string | null): Part {
  return { controllers: [HomeController], providers: [{ provide: HOME, useValue: address }] };
}

function developmentSignIn({ dataDirectory }: PortalConfig): Part {
  return {
    controllers: [DevelopmentSignInController],
    providers: [{ provide: DevelopmentIssuer, useFactory: () => DevelopmentIssuer.open(dataDirectory) }],
  };
}
