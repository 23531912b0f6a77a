import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule.forRoot(process.env['DATABASE_URL'] ?? ''), new FastifyAdapter());
await app.enableShutdownHooks([], { useProcessExit: true }).listen(process.env['PORT'] ?? 3000);
