import { LIMITS } from '#kernel';
import { EventStream } from './event-stream.js';
import { OpenStreams } from './open-streams.js';

describe('open streams', () => {
  const codeOf = (work: () => unknown) => {
    try {
      work();
      return 'ok';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it(`a process has ${LIMITS.streams.perInstance} streams at most; a further one is unavailable, not too many of its principal`, () => {
    const open = new OpenStreams();
    const places = Array.from({ length: LIMITS.streams.perInstance }, (_, n) => open.reserve(`user ${n}`));
    expect(codeOf(() => open.reserve('another'))).toBe('SERVICE_UNAVAILABLE');
    // A place that is released twice counts once.
    places[0]?.release();
    places[0]?.release();
    expect(codeOf(() => open.reserve('another'))).toBe('ok');
    expect(codeOf(() => open.reserve('one more'))).toBe('SERVICE_UNAVAILABLE');
    expect([open.count, open.refused]).toEqual([LIMITS.streams.perInstance, 2]);
  });

  it('a principal may have streams again as soon as one of its own ends', () => {
    const open = new OpenStreams();
    const places = Array.from({ length: LIMITS.streams.perPrincipal }, () => open.reserve('one'));
    expect(codeOf(() => open.reserve('one'))).toBe('RATE_LIMITED');
    expect(codeOf(() => open.reserve('other'))).toBe('ok');
    places[3]?.release();
    expect(codeOf(() => open.reserve('one'))).toBe('ok');
  });

  it('a process that drains asks each stream to connect again, and takes no new one', async () => {
    const open = new OpenStreams();
    const stream = new EventStream();
    open.reserve('one').take(stream);
    let text = '';
    stream.body.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await open.drain();
    expect(text).toMatch(/^:\n\nretry: [1-5]\d{3}\n\n$/);
    expect([open.count, open.ended.drained]).toEqual([0, 1]);
    expect(codeOf(() => open.reserve('two'))).toBe('SERVICE_UNAVAILABLE');
  });
});
