import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { DevelopmentIssuer } from './development-issuer.js';

const KEY_FILE = 'development-issuer.jwk.json';

describe('development issuer', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'development-issuer-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('the development issuer has one key, however many processes open its file for the first time at once', async () => {
    const issuers = await Promise.all(Array.from({ length: 8 }, () => DevelopmentIssuer.open(directory)));
    const now = new Date();
    const tokens = await Promise.all(issuers.map((issuer) => issuer.token('ada@example.org', 60, now)));
    const later = await DevelopmentIssuer.open(directory);
    for (const token of tokens) await expect(jwtVerify(token, later.keys)).resolves.toBeDefined();
    expect(await readdir(directory)).toEqual([KEY_FILE]);
    expect((await stat(join(directory, KEY_FILE))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(join(directory, KEY_FILE), 'utf8'))).toHaveProperty('d');
  });

  it('the development issuer reports a key that it cannot read', async () => {
    await mkdir(join(directory, KEY_FILE));
    await expect(DevelopmentIssuer.open(directory)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
