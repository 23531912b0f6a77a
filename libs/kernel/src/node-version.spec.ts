import { readFileSync } from 'node:fs';
import { requireNode } from './node-version.js';

describe('the version of Node.js', () => {
  it.each(['20.20.2', '22.16.9', '9.0.0', ''])('%s is too old, and one sentence says what to do', (version) =>
    expect(() => requireNode(version)).toThrow(
      `Latchkey needs Node.js 22.17 or later, and this process runs on ${version}: install a newer Node.js.`,
    ),
  );

  it.each(['22.17.0', '22.18.1', '24.0.0', '26.1.0'])('%s is new enough', (version) => requireNode(version));

  it('the package asks for the same version', () => {
    const manifest = readFileSync(new URL('../../../packages/nestjs/manifest.json', import.meta.url), 'utf8');
    expect((JSON.parse(manifest) as { engines: object }).engines).toEqual({ node: '>=22.17' });
  });
});
