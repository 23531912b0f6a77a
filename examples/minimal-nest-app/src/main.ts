import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { administratorSql, migrate } from 'latchkey/database';
import { startEmbeddedServer } from 'latchkey/embedded-server';
import { AppModule, SCHEMA } from './app.module.js';
import { firstKey } from './first-key.js';

const { url } = await startEmbeddedServer({ directory: '.data', administratorSql, announce: console.error });
await migrate({ url, ...SCHEMA });
const app = await NestFactory.create(AppModule.forRoot(url), new FastifyAdapter({ logger: true }));
await app.enableShutdownHooks([], { useProcessExit: true }).listen(process.env['PORT'] ?? 3000);
console.log(`${await app.getUrl()}/graphql\n${(await firstKey(app)) ?? 'The key was shown at the first start.'}`);
