import { type DynamicModule, Module } from '@nestjs/common';
import { KeyIntrospectionController } from './key-introspection.controller.js';
import { KeyIntrospection } from './key-introspection.js';

/** `POST /keys/verify`. */
@Module({ controllers: [KeyIntrospectionController], providers: [KeyIntrospection] })
export class KeyIntrospectionModule {
  /** @param apiKeys what `ApiKeysModule` returned */
  static forRoot(apiKeys: DynamicModule): DynamicModule {
    return { module: KeyIntrospectionModule, imports: [apiKeys] };
  }
}
