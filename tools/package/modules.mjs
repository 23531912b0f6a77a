/** The modules of the package `@latchkey/nestjs`: its doors, its program, and every file of the rooms that these reach. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative, resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../sources.mjs';

export const PACKAGE = join(ROOT, 'packages/nestjs');

/** The doors by their names in an import; `index` is the package itself. */
export const DOORS = globSync('*.ts', { cwd: join(PACKAGE, 'src') })
  .map((file) => basename(file, '.ts'))
  .toSorted();

/** The program of the package, by its place. */
export const PROGRAM = 'bin/latchkey';

/** The rooms have other folders in the package than in the repository. A door of a room is imported by `#room` in both. */
export const IMPORTS = {
  '#*/schema': './dist/rooms/*/schema.js',
  '#*/graphql': './dist/rooms/*/graphql.js',
  '#*/words': './dist/rooms/*/words.js',
  '#*': './dist/rooms/*/index.js',
};

/** Kept between runs: TypeScript compiles again what has changed. */
const COMPILED = join(ROOT, 'node_modules/.cache/package');

/**
 * Compiles the declarations of the doors, of the program, and of every file that they reach.
 *
 * @returns {Map<string, { source: string, declaration: string }>} by the place in the package, without an extension
 */
export function readModules() {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const options = { ...ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options, ...EMITTED };
  const rootNames = [...DOORS, PROGRAM].map((door) => join(PACKAGE, 'src', `${door}.ts`));
  const program = ts.createIncrementalProgram({ rootNames, options });
  const { diagnostics } = program.emit();
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, FORMAT));
  const sources = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
  return new Map(
    sources.map(({ fileName }) => [placeOf(fileName), { source: fileName, declaration: declarationOf(fileName) }]),
  );
}

const EMITTED = {
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
  tsBuildInfoFile: join(COMPILED, 'tsconfig.tsbuildinfo'),
  rootDir: ROOT,
  outDir: COMPILED,
  types: ['node'],
  // No declaration may name a module of the package by the package's own name.
  paths: undefined,
};
const FORMAT = {
  getCurrentDirectory: () => ROOT,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

/** The compiled declarations. A type that TypeScript has inferred may name a file of another room by its place in the repository. */
function declarationOf(source) {
  const text = readFileSync(join(COMPILED, relative(ROOT, source)).replace(/\.ts$/, '.d.ts'), 'utf8');
  const [place, folder] = [placeOf(source), dirname(source)];
  return text.replaceAll(/(?<=import\(")\.[^"]+(?="\))/g, (specifier) => {
    const target = placeOf(resolve(folder, specifier.replace(/\.js$/, '.ts')));
    const way = posix.relative(posix.dirname(place), target);
    return `${way.startsWith('.') ? way : `./${way}`}.js`;
  });
}

/** @param {string} file of the repository */
function placeOf(file) {
  const path = relative(ROOT, file);
  const [, door, room, inner] = /^(?:packages\/nestjs\/src\/(.+)|libs\/([^/]+)\/src\/(.+))\.ts$/.exec(path) ?? [];
  if (door) return door;
  if (!room) throw new Error(`${path} is reached by the package, and belongs to no room.`);
  return `rooms/${room}/${inner}`;
}

/**
 * The place of the module that a specifier leads to; undefined for a package.
 *
 * @param {string} from the place of the importing module
 * @param {string} specifier
 */
export function resolvePlace(from, specifier) {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '');
  if (!specifier.startsWith('#')) return undefined;
  const [room, door = 'index'] = specifier.slice(1).split('/');
  return `rooms/${room}/${door}`;
}

/** @param {string} file */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
