import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mintSecret, signaturesOf } from '#notifications/testing';
import { describeWith } from '../support/programs.js';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');

/** The only block of `docs/webhooks.md` in a language. */
function example(language: string): string {
  const [only, ...more] = [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, text]) => text,
  );
  if (only === undefined || more.length > 0) throw new Error(`The page must have one block of ${language}.`);
  return only;
}

interface Delivery {
  secret: string;
  headers: Record<string, string>;
  body: string;
}
type Judge = (delivery: Delivery, folder: string) => boolean;

const last = (text: string) => text.trim().split('\n').at(-1);

const JUDGES: Record<string, Judge> = {
  ts: ({ secret, headers, body }, folder) => {
    const given = JSON.stringify([secret, headers, body]).slice(1, -1);
    writeFileSync(join(folder, 'example.ts'), `${example('ts')}\nconsole.log(isGenuine(${given}));\n`);
    return last(execFileSync(process.execPath, [join(folder, 'example.ts')], { encoding: 'utf8' })) === 'true';
  },
  python: ({ secret, headers, body }, folder) => {
    const call = `import json, sys\nsecret, headers, body = json.load(sys.stdin)\nprint(is_genuine(secret, headers, body.encode()))`;
    writeFileSync(join(folder, 'example.py'), `${example('python')}\n${call}\n`);
    const input = JSON.stringify([secret, headers, body]);
    return last(execFileSync('python3', [join(folder, 'example.py')], { input, encoding: 'utf8' })) === 'True';
  },
  sh: ({ secret, headers, body }, folder) => {
    writeFileSync(join(folder, 'body'), body);
    const env = {
      ...process.env,
      SECRET: secret,
      ID: headers['webhook-id'],
      TIMESTAMP: headers['webhook-timestamp'],
      SIGNATURES: headers['webhook-signature'],
    };
    try {
      return last(execFileSync('sh', ['-ec', example('sh')], { cwd: folder, env, encoding: 'utf8' })) === 'genuine';
    } catch {
      return false;
    }
  },
};

/** The program that each example needs. */
const NEEDED: Record<string, string> = { ts: 'node', python: 'python3', sh: 'openssl' };

const [secret, other] = [mintSecret(), mintSecret()];
const body = '{"type":"api_key.revoked","data":{"apiKeyName":"Schlüssel"}}';
const signedBy = (secrets: string[], age = 0): Delivery => {
  const timestamp = Math.floor(Date.now() / 1000) - age;
  const headers = {
    'webhook-id': 'one',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signaturesOf(secrets, 'one', timestamp, body),
  };
  return { secret, headers, body };
};

for (const [name, judge] of Object.entries(JUDGES))
  describeWith(NEEDED[name] ?? name, `verification in docs/webhooks.md, by ${name}`, () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'webhook-examples-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it(`the example in ${name} accepts a genuine delivery and refuses a forged one`, () => {
      expect(judge(signedBy([other, secret]), folder)).toBe(true);
      expect(judge({ ...signedBy([secret]), body: `${body} ` }, folder)).toBe(false);
      expect(judge(signedBy([other]), folder)).toBe(false);
      // The commands say that they do not look at the age.
      if (name !== 'sh') expect(judge(signedBy([secret], 400), folder)).toBe(false);
    });
  });
