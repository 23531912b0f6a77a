import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Lock {
  packages: Record<string, { version?: string }>;
}

const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Lock;

/** Every installed copy of a package: one that another package brings along for itself would run as well. */
function versionsOf(name: string): string[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version = '' }]) => version);
}

/** Compares as numbers, part by part; what follows a hyphen does not count. */
function isAtLeast(version: string, floor: string): boolean {
  const [own, least] = [version, floor].map((text) => text.replace(/-.*/, '').split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (own?.[part] ?? 0) - (least?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

describe('(T47) installed packages', () => {
  it.each([
    ['@apollo/server', '5.5.0', 'GHSA-9q82-xgwf-vj6h: a GET of an odd content type past the prevention of CSRF'],
    ['graphql', '16.15.0', 'CVE-2023-26144: overlapping fields compared in quadratic time'],
    ['@mikro-orm/core', '7.0.6', 'CVE-2026-34220, CVE-2026-34221: SQL injection and prototype pollution by objects'],
    ['@nestjs/platform-fastify', '12.5.0', 'CVE-2026-33011, CVE-2026-2293, CVE-2026-54281: paths that skip middleware'],
  ])('the installed %s is %s or later: %s', (name, floor) => {
    const versions = versionsOf(name);
    expect(versions).not.toEqual([]);
    expect(versions.filter((version) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('graphql is installed once: types of two copies do not know each other', () => {
    expect(versionsOf('graphql')).toHaveLength(1);
  });

  it('all packages of @mikro-orm have one version', () => {
    const names = Object.keys(lock.packages).flatMap(
      (path) => /node_modules\/(@mikro-orm\/[^/]+)$/.exec(path)?.[1] ?? [],
    );
    const ofOne = names.filter((name) => name !== '@mikro-orm/nestjs');
    expect(ofOne.length).toBeGreaterThan(3);
    expect(new Set(ofOne.flatMap(versionsOf)).size).toBe(1);
  });
});
