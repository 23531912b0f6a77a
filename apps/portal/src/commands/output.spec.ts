import { jest } from '@jest/globals';
import { jsonOf, printRows } from './output.js';

describe('printed rows', () => {
  const printed = (rows: readonly Record<string, unknown>[]) => {
    const lines: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    printRows(rows, {});
    log.mockRestore();
    return lines;
  };

  it('columns of printed rows are as wide as their longest cell', () => {
    const rows = [
      { id: 1, name: 'Ada Lovelace', role: null },
      { id: 22, name: 'Bo', role: 'VIEWER' },
    ];
    expect(printed(rows)).toEqual(['id  name          role', '1   Ada Lovelace  -', '22  Bo            VIEWER']);
  });

  it('an empty list of rows is printed as one word', () => expect(printed([])).toEqual(['none']));

  it('printed rows give a terminal no control sequences', () => {
    expect(printed([{ name: 'a\u001b[2Jb\nc', scopes: ['d\re'] }])[1]).toBe('a\uFFFD[2Jb\uFFFDc  d\uFFFDe');
    expect(printed([{ name: 'gro\u202eexe\u2066\u2028\u009b' }])[1]).toBe('gro\uFFFDexe\uFFFD\uFFFD\uFFFD');
    const rows = [{ name: 'a\u202eb\u009bc\nd' }];
    expect(jsonOf(rows)).toContain(String.raw`a\u202eb\u009bc\nd`);
    expect(JSON.parse(jsonOf(rows))).toEqual(rows);
  });

  it('there may be as many printed rows as a large installation has users', () => {
    expect(printed(Array.from({ length: 200_000 }, (_, id) => ({ id })))).toHaveLength(200_001);
  });
});
