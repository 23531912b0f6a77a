import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const fileOf = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name).toSorted();

describe('environment variables', () => {
  const read = [...new Set(found(fileOf('apps/portal/src/portal.config.ts'), /^ {2}([A-Z_]+): /gm))];

  it('.env.example lists exactly the environment variables that the configuration reads', () => {
    expect(read.length).toBeGreaterThan(15);
    expect(found(fileOf('.env.example'), /^# ([A-Z_]+)=/gm)).toEqual(read);
  });

  it('the table of the README lists exactly the environment variables that the configuration reads', () => {
    const cells = found(fileOf('README.md'), /^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm);
    expect(found(cells.join(' '), /`([A-Z_]+)`/g)).toEqual(read);
  });
});
