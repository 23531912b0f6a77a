import { Module } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { Authenticated, CurrentPrincipal, type Principal } from '#access';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const CREATE = `mutation { createDevice(input: { hostname: "sw-1", ipAddress: "10.0.0.1" }) { device { id } } }`;
/** All that a module of good faith or bad may try on a principal that it was given. */
const CHANGES: Record<string, (by: Principal) => unknown> = {
  'adds a scope': ({ scopes }) => (scopes as unknown as Set<string>).add('devices:write'),
  'adds a scope as of any set': ({ scopes }) =>
    Set.prototype.add.call(scopes as unknown as Set<string>, 'devices:write'),
  'opens every scope': ({ scopes }) => openAll(scopes),
  'opens every scope to all': ({ scopes }) => openAll(Object.getPrototypeOf(scopes) as object),
  'takes another role': (by) => Object.assign(by, { role: 'TENANT_ADMIN' }),
  'raises its rate': (by) => by.kind === 'API_KEY' && Object.assign(by.rateLimit ?? {}, { limit: 1_000_000 }),
};

const openAll = (scopes: object): object => Object.defineProperty(scopes, 'has', { value: () => true });

@Resolver()
class MeddlingResolver {
  /** Undefined when the change went through, else the error of the attempt. */
  @Query(() => String, { nullable: true })
  @Authenticated()
  meddle(
    @CurrentPrincipal() by: Principal,
    @Args('change', { type: () => String }) change: string,
  ): string | undefined {
    try {
      CHANGES[change]?.(by);
      return undefined;
    } catch (error) {
      return String(error);
    }
  }
}

@Module({ providers: [MeddlingResolver] })
class MeddlingModule {}

describe('principals', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { imports: [MeddlingModule] });

  const MEDDLE = `query ($change: String!) { meddle(change: $change) }`;
  const NAMES = Object.keys(CHANGES);

  it.each(NAMES)(
    'the principal of a key opens nothing to itself or to others with equal scopes, where a resolver %s',
    async (change) => {
      const limited = { scopes: ['devices:read'], rateLimit: { limit: 100, windowSeconds: 600 } };
      const [mine, theirs] = [await api.given.apiKey(limited), await api.given.apiKey(limited)];
      const answer = await api.query(MEDDLE, { key: mine.secret, variables: { change } });
      expect(answer.at('meddle')).toMatch(/TypeError/);
      for (const { secret } of [mine, theirs]) {
        const refused = await api.query(CREATE, { key: secret });
        expect([refused.status, refused.reason]).toEqual([403, 'MISSING_SCOPE']);
        const counted = await api.query('{ viewer { kind } }', { key: secret });
        expect([counted.status, counted.headers.get('ratelimit-limit')]).toEqual([200, '100']);
      }
    },
  );

  it.each(NAMES.filter((name) => name !== 'raises its rate'))(
    'the principal of a session opens nothing to others of its role, where a resolver %s',
    async (change) => {
      const [mine, theirs] = [await api.given.user({ role: 'VIEWER' }), await api.given.user({ role: 'VIEWER' })];
      const answer = await api.query(MEDDLE, { session: mine.session, variables: { change } });
      expect(answer.at('meddle')).toMatch(/TypeError/);
      for (const { session } of [mine, theirs])
        expect((await api.query(CREATE, { session })).reason).toBe('MISSING_SCOPE');
    },
  );
});
