import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LONGEST, specFiles } from '../support/spec-order.js';

const ROOT = resolve(import.meta.dirname, '../..');
const ENVIRONMENT = resolve(ROOT, 'test/support/node-environment.config.mjs');

interface Environment {
  setup(): Promise<void>;
  teardown(): Promise<void>;
}

describe('spec files', () => {
  const files = specFiles(ROOT);

  it('a spec file leaves the variables, the console and the exit of its process as it found them: the next file runs there, too', async () => {
    const { default: NodeEnvironment } = (await import(ENVIRONMENT)) as { default: new () => Environment };
    const { console, process } = globalThis;
    const before = { console, exit: process.exit, env: process.env };
    const environment = new NodeEnvironment();
    await environment.setup();
    process.env['LEFT_BEHIND'] = 'by a spec file';
    process.exit = () => {
      throw new Error('The process ends.');
    };
    globalThis.console = { ...console };
    await environment.teardown();
    expect({ console: globalThis.console, exit: process.exit, env: process.env }).toEqual(before);
    expect(process.env).not.toHaveProperty('LEFT_BEHIND');
  });

  it('the spec files that start first exist', () => {
    expect(LONGEST.filter((file) => !existsSync(resolve(ROOT, file)))).toEqual([]);
  });

  it('no spec file sets its own time limit: the limit is in test/jest.config.mjs, and a long run changes it', () => {
    const limited = files.filter((file) =>
      /jest\.setTimeout\(|^ *(\}, )?\d{2,3}_000(,|\);)$/m.test(readFileSync(resolve(ROOT, file), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(limited).toEqual([]);
  });
});
