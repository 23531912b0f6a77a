import { Input, InvalidInput } from '#kernel';
import { isLater, isSameInstant, type KeyUpdate, readKeyUpdate } from './key-update.rules.js';

const AT = new Date('2030-01-01T00:00:00.000Z');
const LATER = new Date(AT.getTime() + 1);

it.each<[string, KeyUpdate, object]>([
  ['no member', {}, {}],
  ['a name', { name: ' mine ' }, { name: 'mine' }],
  ['a description that is cleared', { description: null }, { description: null }],
  ['scopes', { scopes: ['b', 'a'] }, { scopes: ['b', 'a'] }],
  ['an expiry', { expiresAt: AT }, { expiresAt: AT }],
  ['an expiry that is cleared', { expiresAt: null }, { expiresAt: null }],
  ['networks', { allowedCidrs: ['2001:DB8::/32'] }, { allowedCidrs: ['2001:db8::/32'] }],
  ['networks that are cleared', { allowedCidrs: null }, { allowedCidrs: [] }],
  ['a rate limit', { rateLimit: { limit: 5, windowSeconds: 60 } }, { rateLimit: 5, rateLimitWindowSeconds: 60 }],
  ['a rate limit that is cleared', { rateLimit: null }, { rateLimit: null, rateLimitWindowSeconds: null }],
  ['metadata', { metadata: { team: 'core' } }, { metadata: { team: 'core' } }],
  ['metadata that are cleared', { metadata: null }, { metadata: {} }],
])('an update with %s changes nothing else', (_, update, expected) => {
  expect(Input.argument('input', update).read(readKeyUpdate)).toEqual(expected);
});

it('an update that clears the name and the scopes is refused for both', () => {
  const check = () => Input.argument<KeyUpdate>('input', { name: null, scopes: null }).read(readKeyUpdate);
  expect(check).toThrow(InvalidInput);
  const required = (member: string) => expect.objectContaining({ path: ['input', member], code: 'REQUIRED' });
  expect(check).toThrow(expect.objectContaining({ problems: [required('name'), required('scopes')] }));
});

it.each([
  ['a later instant', LATER, AT, true],
  ['the same instant', AT, AT, false],
  ['an earlier instant', AT, LATER, false],
  ['never, in place of an instant', null, AT, true],
  ['an instant, in place of never', AT, null, false],
  ['never, in place of never', null, null, false],
])('an expiry changed by %s is or is not put off', (_, after, before, expected) => {
  expect(isLater(after, before)).toBe(expected);
});

it.each([
  ['an instant and its copy', AT, new Date(AT), true],
  ['two instants', AT, LATER, false],
  ['an instant and never', AT, null, false],
  ['never and never', null, null, true],
])('%s are or are not the same expiry', (_, one, other, expected) => {
  expect(isSameInstant(one, other)).toBe(expected);
});
