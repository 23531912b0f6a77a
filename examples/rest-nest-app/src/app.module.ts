import { AccessModule, ApiKeyGuard, ApiKeysModule, DatabaseModule, HttpErrorFilter } from '@latchkey/nestjs';
import { KeyIntrospectionModule } from '@latchkey/nestjs';
import { API_KEYS_SCHEMA, composeSchema, TENANCY_SCHEMA } from '@latchkey/nestjs/schema';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ACCESS, API_KEYS } from './latchkey.js';
import { NotesController } from './notes.controller.js';
import { OperationsController } from './operations.controller.js';

@Module({
  controllers: [NotesController, OperationsController],
  providers: [
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
    { provide: APP_FILTER, useClass: HttpErrorFilter },
  ],
})
export class AppModule {
  static forRoot(url: string): DynamicModule {
    const database = DatabaseModule.forRoot({ url, ...composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA]) });
    const apiKeys = ApiKeysModule.forRoot(API_KEYS);
    const verify = KeyIntrospectionModule.forRoot(apiKeys); // POST /keys/verify, for services without Nest
    return { module: AppModule, imports: [database, AccessModule.forRoot(ACCESS), apiKeys, verify] };
  }
}
