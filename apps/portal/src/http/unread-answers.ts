import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { principalOf } from '#access';
import { countedNetwork } from '#api-keys';
import { LIMITS } from '#kernel';

const { smallBytes, waitingBytes } = LIMITS.answers;
const REFUSAL = JSON.stringify({
  errors: [
    {
      message: 'Too many answers wait to be read. Read them first, or ask for less at once.',
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    },
  ],
});
const RETRY_AFTER_SECONDS = 5;

/** How long a client may take to read an answer. */
export interface AnswerTimes {
  /** Time during which the client reads nothing. */
  stallMs: number;
  /** Time from the first byte to the last. */
  writeMs: number;
}

/** Bytes of answers that clients have not read yet, by client. */
class WaitingAnswers {
  private readonly sums = new Map<string, number>();

  /** One answer is always let through, however large; a further answer has to fit. */
  hasRoom(holders: readonly (readonly [holder: string, most: number])[], bytes: number): boolean {
    return holders.every(([holder, most]) => {
      const sum = this.sums.get(holder) ?? 0;
      return sum === 0 || sum + bytes <= most;
    });
  }

  add(holder: string, bytes: number): void {
    const sum = (this.sums.get(holder) ?? 0) + bytes;
    if (sum > 0) this.sums.set(holder, sum);
    else this.sums.delete(holder);
  }
}

/**
 * Bounds the memory held by clients that do not read. An unread answer ends with its connection. A large answer is refused while
 * its key, its address or all clients together have too many unread bytes. A small answer is never refused: it may be a secret
 * that is shown once.
 */
export function boundUnreadAnswers(fastify: FastifyInstance, times: AnswerTimes): void {
  const waiting = new WaitingAnswers();
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // A stream bounds what waits in it by itself, and may go on for hours.
    if (payload instanceof Readable) return done();
    const bytes = sizeOf(payload);
    if (bytes <= smallBytes && request.raw.socket.writableLength === 0) return done();
    const holders = holdersOf(request);
    if (bytes > smallBytes && !waiting.hasRoom(holders, bytes)) return done(null, refuse(reply));
    for (const [holder] of holders) waiting.add(holder, bytes);
    const giveUp = limitTime(request, times);
    reply.raw.once('close', () => {
      giveUp.cancel();
      for (const [holder] of holders) waiting.add(holder, -bytes);
    });
    done();
  });
}

function sizeOf(payload: unknown): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return payload instanceof Uint8Array ? payload.byteLength : 0;
}

function holdersOf(request: FastifyRequest): [holder: string, most: number][] {
  const principal = principalOf(request);
  return [
    ['all', waitingBytes.all],
    [`address ${countedNetwork(request.ip)}`, waitingBytes.address],
    ...(principal?.kind === 'API_KEY'
      ? [[`key ${principal.apiKeyId}`, waitingBytes.key] satisfies [string, number]]
      : []),
  ];
}

function refuse(reply: FastifyReply): string {
  void reply
    .code(503)
    .headers({ 'content-type': 'application/json; charset=utf-8', 'retry-after': String(RETRY_AFTER_SECONDS) });
  return REFUSAL;
}

function limitTime({ raw: { socket } }: FastifyRequest, { stallMs, writeMs }: AnswerTimes): { cancel: () => void } {
  // Node.js counts a write that goes on as activity, and sets a timeout of its own once the answer is written.
  socket.setTimeout(stallMs);
  const timer = setTimeout(() => socket.destroy(), writeMs);
  return { cancel: () => clearTimeout(timer) };
}
