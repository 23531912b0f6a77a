import { AccessModule, ApiKeyGuard, ApiKeysModule, DatabaseModule, HttpErrorFilter } from '@latchkey/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Account, Member } from './entities.js';
import { ACCESS, API_KEYS, SCHEMA } from './latchkey.js';
import { MembersController } from './members.controller.js';

@Module({
  controllers: [MembersController],
  providers: [
    { provide: APP_GUARD, useExisting: ApiKeyGuard },
    { provide: APP_FILTER, useClass: HttpErrorFilter },
  ],
})
export class AppModule {
  static forRoot(url: string): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url, entities: [Account, Member] }),
        TypeOrmModule.forFeature([Account, Member]),
        DatabaseModule.forRoot({ url, ...SCHEMA }),
        AccessModule.forRoot(ACCESS),
        ApiKeysModule.forRoot(API_KEYS),
      ],
    };
  }
}
