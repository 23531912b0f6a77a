import { administratorSql, migrate } from '@latchkey/nestjs';
import { startEmbeddedServer } from '@latchkey/nestjs/embedded-server';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule, SCHEMA } from './app.module.js';
import { ADMIN, firstStart } from './first-start.js';
import { NoteSessions } from './sessions.js';

const { url } = await startEmbeddedServer({ directory: '.data', administratorSql, announce: console.error });
await migrate({ url, ...SCHEMA });
const app = await NestFactory.create(AppModule.forRoot(url), new FastifyAdapter({ logger: true }));
await app.enableShutdownHooks([], { useProcessExit: true }).listen(process.env['PORT'] ?? 3000);
const key = (await firstStart(app)) ?? 'shown at the first start';
const session = await app.get(NoteSessions, { strict: false }).begin(ADMIN);
console.log(`Key: ${key}\nSession: ${session}\n${await app.getUrl()}/graphql`);
