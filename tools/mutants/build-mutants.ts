import type { Mutant } from './mutants.ts';

/** Defects in what the build makes of the sources. */
export const BUILD_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a build removes files that a running process may still load',
    file: 'tools/build.mjs',
    from: "new Set([...built, ...JSON.parse(readIfThere(BUNDLED) ?? '[]')])",
    to: 'new Set(built)',
    spec: 'tools/build.spec.ts',
    only: 'leaves the files of the last build',
  },
  {
    defect: 'classes that the bundle renames show their new names',
    file: 'tools/bundle.mjs',
    from: 'keepNames: true',
    to: 'keepNames: false',
    spec: 'tools/build.spec.ts',
    only: 'keeps the names of classes',
  },
  {
    defect: 'the text of packages takes two bytes a character in memory',
    file: 'tools/bundle.mjs',
    from: 'writeFileSync(file, inAscii(code))',
    to: 'writeFileSync(file, code)',
    spec: 'tools/build.spec.ts',
    only: 'writes the text of a package in ASCII',
  },
];
