import { Session } from 'node:inspector/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** What a parent asks of the process that serves for it. */
export type ServerQuestion = 'cpu' | 'start profile' | 'stop profile';

/** The child's half of `ServerProcess`: listens, sends its address, and reports its use of CPU. */
export async function serveToParent(app: NestFastifyApplication): Promise<void> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const session = new Session();
  const answerOf = async (question: ServerQuestion): Promise<object> => {
    if (question === 'start profile') {
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
      return {};
    }
    if (question === 'stop profile') {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return profile;
    }
    const { user, system } = process.cpuUsage();
    return { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() };
  };
  process.on('message', (question: ServerQuestion) => {
    void answerOf(question).then((answer) => process.send?.(answer));
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: await app.getUrl() });
}
