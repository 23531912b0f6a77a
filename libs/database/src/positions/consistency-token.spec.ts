import { readToken, tokenOf, tokensIn } from './consistency-token.js';

const SYSTEM = '7425310456789012345';
const POSITION = { timeline: 3, lsn: 0x12_3456_789an };

it('a token is read by every instance on the same system, and by none on another', () => {
  const token = tokenOf(POSITION, SYSTEM);
  expect(readToken(token, SYSTEM)).toEqual(POSITION);
  expect(readToken(token, '7425310456789012346')).toBeUndefined();
});

it('tokens of neighbouring positions have nothing in common', () => {
  const [one, next] = [tokenOf(POSITION, SYSTEM), tokenOf({ ...POSITION, lsn: POSITION.lsn + 1n }, SYSTEM)];
  const same = [...one].filter((letter, place) => letter === next[place]);
  expect(same.length).toBeLessThan(one.length / 2);
});

it.each(['', '?', 'A'.repeat(22), 'A'.repeat(21), `${tokenOf(POSITION, SYSTEM)}A`, 'ä'.repeat(22)])(
  'the text "%s" is no token',
  (text) => {
    expect(readToken(text, SYSTEM)).toBeUndefined();
  },
);

it.each([
  ['', []],
  ['a', ['a']],
  [' a ,, b', ['a', 'b']],
  [Array.from({ length: 17 }, () => 'a').join(), undefined],
])('the header "%s" has the tokens %p', (header, tokens) => {
  expect(tokensIn(header)).toEqual(tokens);
});
