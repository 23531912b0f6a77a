import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The child's half of `ServerProcess`: listens, tells where, and answers for its use of CPU. */
export async function serveToParent(app: NestFastifyApplication): Promise<void> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: await app.getUrl() });
}
