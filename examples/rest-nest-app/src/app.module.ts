import { AccessModule, ApiKeyGuard, ApiKeysModule, DatabaseModule, HttpErrorFilter } from '@latchkey/nestjs';
import { API_KEYS_SCHEMA, composeSchema, TENANCY_SCHEMA } from '@latchkey/nestjs/schema';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ACCESS, API_KEYS } from './latchkey.js';
import { NotesController } from './notes.controller.js';

@Module({
  controllers: [NotesController],
  providers: [
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
    { provide: APP_FILTER, useClass: HttpErrorFilter },
  ],
})
export class AppModule {
  static forRoot(url: string): DynamicModule {
    const database = DatabaseModule.forRoot({ url, ...composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA]) });
    return { module: AppModule, imports: [database, AccessModule.forRoot(ACCESS), ApiKeysModule.forRoot(API_KEYS)] };
  }
}
