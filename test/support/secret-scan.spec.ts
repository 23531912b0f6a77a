import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchEvidence, SecretScan, secretsIn } from './secret-scan.js';
import { unknownKey } from './unknown-key.js';

const KEY = unknownKey();
const HASH = createHash('sha256').update(KEY).digest('hex');
const TOKEN = `eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.${unknownKey().slice(5)}`;

describe('search for secrets', () => {
  const scan = new SecretScan([KEY, TOKEN, 'a-password-of-24-bytes_abcdefgh']);

  it.each([
    ['a whole key', `x ${KEY} y`],
    ['twelve letters out of the middle of one', KEY.slice(20, 32)],
    ['its end, glued to other text', `id${KEY.slice(-12)}`],
    ['its hash', `(${HASH})`],
    ['the signature of a token', TOKEN.split('.')[2] ?? ''],
    ['a password', 'postgresql://portal:a-password-of-24-bytes_abcdefgh@127.0.0.1/portal'],
  ])('the search for secrets finds %s', (_, text) => expect(scan.tracesIn(`before\n${text}\nafter`)).toHaveLength(1));

  it('the search for secrets finds a piece of a key at any place in a word', () => {
    const words = Array.from({ length: 12 }, (_, at) => `${'z'.repeat(at)}${KEY.slice(20, 32)}`);
    expect(scan.tracesIn(words.join(' '))).toHaveLength(12);
  });

  it.each([
    ['the prefix that a key shows', KEY.slice(0, 9)],
    ['eleven letters of one', KEY.slice(20, 31)],
    ['the claims of a token', TOKEN.split('.')[1] ?? ''],
    ['another key', unknownKey()],
    ['ids', '0d1f5c3e-8f3e-4e0e-9c0c-2f1d7a5b6c7d'],
  ])('the search for secrets ignores %s', (_, text) => expect(scan.tracesIn(text)).toEqual([]));

  it('the search for secrets recognises keys and tokens by their shape', () => {
    const legacy = `mktp_${'q8-Zr_'.repeat(8).slice(0, 43)}`;
    const routed = unknownKey('', 2);
    const text = `{"secret":"${KEY}","keyPrefix":"${KEY.slice(0, 9)}"} Bearer ${TOKEN}, ${legacy}\n${routed}`;
    expect(secretsIn(text)).toEqual([KEY, TOKEN, legacy, routed]);
  });
});

describe('search at the end of a run', () => {
  let folder: string;
  const put = (name: string, ...lines: string[]) => writeFile(join(folder, name), lines.join('\n'));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-evidence-'));
    await put('secrets-1', KEY, '');
    await put('hashes-one', HASH, 'ab'.repeat(32));
    await put('hashes-another', HASH);
    await put('rows-one', `api_keys\t(${KEY.slice(0, 9)},{devices:read})`);
    await put('output-portal', `{"msg":"request","apiKeyId":"0d1f5c3e-8f3e-4e0e-9c0c-2f1d7a5b6c7d"}`);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('the search at the end of a run finds nothing where hashes are stored once in their column, and keys nowhere', async () => {
    const { summary, faults } = await searchEvidence(folder);
    expect(faults).toEqual([]);
    expect(summary).toMatch(/rows of 1 databases for 1 secrets: no trace/);
  });

  it.each([
    ['a key in the output', 'output-command', `refused ${KEY}`],
    ['a key across the borders of what is read at once', 'output-big', `${'-\n'.repeat(2 ** 19 - 10)}${KEY}`],
    ['a piece of a key in a row', 'rows-two', `api_key_events\t("{""name"": ""${KEY.slice(30, 45)}""}")`],
    ['a hash in a row', 'rows-two', `api_key_events\t(${HASH})`],
    ['a hash in the output', 'output-command', `duplicate key value ${HASH}`],
    ['a hash twice in one database', 'hashes-two', `${HASH}\n${HASH}`],
  ])('the search at the end of a run finds %s', async (_, file, content) => {
    await put(file, content);
    expect((await searchEvidence(folder)).faults).toHaveLength(1);
  });
});
