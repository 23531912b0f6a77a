import type { Mutant } from './mutants.ts';

const INTROSPECTION = 'libs/api-keys/src/introspection/key-introspection.ts';
const SPEC = 'test/e2e/key-introspection.spec.ts';

/** Defects in what another service is answered about a key. */
export const INTROSPECTION_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a service verifies the keys of another tenant',
    file: INTROSPECTION,
    from: 'service.tenantId, idOf(service)',
    to: 'undefined, idOf(service)',
    spec: SPEC,
    only: 'why a text is refused',
  },
  {
    defect: 'an outage makes a key look bad to a service',
    file: INTROSPECTION,
    from: 'if (error instanceof Unauthenticated || error instanceof Forbidden) return null;',
    to: 'if (error) return null;',
    spec: SPEC,
    only: 'an outage of the database',
  },
  {
    defect: 'a client without an address counts as one at the address of the portal',
    file: INTROSPECTION,
    from: "ip ?? 'unknown'",
    to: "ip ?? '127.0.0.1'",
    spec: SPEC,
    only: 'with networks',
  },
  {
    defect: 'a key is verified for a service without being used',
    file: INTROSPECTION,
    from: 'this.uses.allowed(key.apiKeyId, ip, [...key.scopes], key.secretNumber);',
    to: '',
    spec: SPEC,
    only: 'is used too',
  },
  {
    defect: 'a key beyond its rate is active',
    file: INTROSPECTION,
    from: 'if (rate && !rate.isAdmitted) {',
    to: 'if (rate && rate.limit < 0) {',
    spec: SPEC,
    only: 'beyond the rate',
  },
  {
    defect: 'unknown keys at a service close an address for everybody',
    file: 'libs/api-keys/src/limits/unknown-key-limiter.ts',
    from: '`introspected:${service}:${network}`',
    to: '`unknown:${network}`',
    spec: SPEC,
    only: 'unknown keys close',
  },
  {
    defect: 'every route takes a form',
    file: 'apps/portal/src/http/json-body.ts',
    from: 'if (!takesForm(request)) done(new BadRequestException(mustBe(request)));\n    else if',
    to: 'if',
    spec: 'test/e2e/http-bodies.spec.ts',
    only: 'a body gets its outcome',
  },
];
