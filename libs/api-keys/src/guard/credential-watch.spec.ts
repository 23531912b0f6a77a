import { setImmediate } from 'node:timers/promises';
import { ScopeSet, Unauthenticated, type UserPrincipal } from '#access';
import type { InvalidationChannel } from '#database';
import type { HttpRequest } from '#http';
import { SystemClock } from '#kernel';
import { ApiKeyFormat } from '../keys/api-key.format.js';
import type { ApiKeyVerifier } from '../verification/api-key.verifier.js';
import { CredentialWatch } from './credential-watch.js';
import { RequestAuthenticator } from './request-authenticator.js';

const USER: UserPrincipal = {
  kind: 'USER',
  tenantId: '0197f0a0-0000-7000-8000-000000000001',
  userId: '0197f0a0-0000-7000-8000-000000000002',
  role: 'VIEWER',
  scopes: new ScopeSet([]),
  memberId: '0197f0a0-0000-7000-8000-000000000002',
};

/** Sessions in a cookie. Those that `ended` names are refused. */
function sessionsThat(ended: ReadonlySet<string>) {
  return {
    verified: [] as string[],
    tokenOf: ({ headers }: HttpRequest['raw']) => headers.cookie,
    verify(token: string): Promise<UserPrincipal> {
      this.verified.push(token);
      return ended.has(token) ? Promise.reject(new Unauthenticated('INVALID_SESSION')) : Promise.resolve(USER);
    },
  };
}

const requestWith = (cookie: string) =>
  ({
    raw: { rawHeaders: ['cookie', cookie], headers: { cookie } },
    ip: '192.0.2.1',
  }) as unknown as HttpRequest;

function watchOf(sessions: ReturnType<typeof sessionsThat>): CredentialWatch {
  const options = { prefix: 'lk', cacheSize: 10, sessions };
  const keys = {} as ApiKeyVerifier;
  const authenticator = new RequestAuthenticator(options, new ApiKeyFormat('lk', false), keys);
  const changes = { subscribe: () => undefined, isProven: () => true } as unknown as InvalidationChannel;
  return new CredentialWatch(authenticator, changes, new SystemClock());
}

it('two sessions of one user in cookies are verified apart, and the ended one ends its own request only', async () => {
  const sessions = sessionsThat(new Set(['ended']));
  const watch = watchOf(sessions);
  const ended: string[] = [];
  for (const cookie of ['good', 'ended']) watch.watch(requestWith(cookie), USER, () => ended.push(cookie));
  await setImmediate();
  expect(ended).toEqual(['ended']);
});

it('requests with one credential share a verification that begins at the same moment', async () => {
  const sessions = sessionsThat(new Set());
  const watch = watchOf(sessions);
  for (const cookie of ['good', 'good', 'good']) watch.watch(requestWith(cookie), USER, () => undefined);
  await setImmediate();
  expect(sessions.verified).toEqual(['good']);
});
