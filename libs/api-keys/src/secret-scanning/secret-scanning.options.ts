import { ConfigurableModuleBuilder, type DynamicModule } from '@nestjs/common';

/** Scanners of the protocol that GitHub made and GitLab took over. The name is the last part of the path. */
export const SCANNERS = ['github', 'gitlab'] as const;
export type Scanner = (typeof SCANNERS)[number];

export interface SecretScanningOptions {
  /** `ApiKeysModule` as the application has it. */
  apiKeys: DynamicModule;
  /** Where each scanner publishes its public keys. A scanner without an address gets 404. */
  keysUrls: Readonly<Partial<Record<Scanner, URL>>>;
  /** Further deployments whose keys look like ours: each genuine request is passed on to them. */
  relay: readonly URL[];
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: SECRET_SCANNING_OPTIONS } =
  new ConfigurableModuleBuilder<SecretScanningOptions>().setClassMethodName('forRoot').build();
