import { ScopeCatalogue } from './scope-catalogue.js';

const named = (...names: string[]) => names.map((name) => ({ name, description: `${name}.` }));
const catalogue = new ScopeCatalogue({
  scopes: named('devices:read', 'devices:write', 'alerts:read'),
  roleScopes: {
    VIEWER: ['devices:read'],
    OPERATOR: ['devices:read', 'devices:write'],
    TENANT_ADMIN: ['devices:read', 'devices:write', 'alerts:read'],
    SUPER_ADMIN: ['devices:read', 'devices:write', 'alerts:read'],
  },
});

describe('scope catalogue', () => {
  it.each(['*', 'devices', 'devices:*', 'DEVICES:READ', ' devices:read', '', '__proto__', 'constructor', 'toString'])(
    'the scope catalogue does not know %p',
    (scope) => {
      expect(catalogue.has(scope)).toBe(false);
      expect([...catalogue.cutDown([scope], 'TENANT_ADMIN')]).toEqual([]);
    },
  );

  it.each([
    ['VIEWER', ['devices:read']],
    ['OPERATOR', ['devices:read', 'devices:write']],
    ['TENANT_ADMIN', ['devices:read', 'devices:write', 'alerts:read']],
  ] as const)('the scope catalogue cuts a list down to the scopes that %s opens', (role, expected) => {
    const granted = ['devices:read', 'devices:write', 'alerts:read', 'gone:read'];
    expect([...catalogue.cutDown(granted, role)]).toEqual(expected);
  });

  it.each([
    ['devices:wirte', 'devices:write'],
    ['DEVICES:READ', 'devices:read'],
    ['alert:read', 'alerts:read'],
    ['x'.repeat(101), undefined],
    ['completely different', undefined],
  ])('the scope catalogue suggests at most three scopes for %p, %p first', (text, nearest) => {
    const suggestions = catalogue.suggestionsFor(text);
    expect(suggestions[0]).toBe(nearest);
    expect(suggestions.length).toBeLessThanOrEqual(3);
  });

  it('a scope catalogue is refused where a role opens a scope that is not in it', () => {
    const roleScopes = { VIEWER: ['devices:reed'], OPERATOR: [], TENANT_ADMIN: [], SUPER_ADMIN: [] };
    expect(() => new ScopeCatalogue({ scopes: named('devices:read'), roleScopes })).toThrow(
      'Role VIEWER opens devices:reed, which is not in the scope catalogue.',
    );
  });
});
