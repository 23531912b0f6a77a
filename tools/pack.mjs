/**
 * Packs the package `@latchkey/nestjs` into `dist/packages`: the folder `nestjs` and the tarball that npm makes of it.
 *
 * The package is built from the rooms. Its dependencies are the packages that its modules import, in the versions that this
 * repository is tested with.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import ts from 'typescript';
import { DOORS, IMPORTS, PACKAGE, PROGRAM, readJson, readModules, resolvePlace } from './package/modules.mjs';
import { DIST, ROOT } from './sources.mjs';

const OUT = join(DIST, 'packages');
const FOLDER = join(OUT, 'nestjs');

rmSync(OUT, { recursive: true, force: true });
const modules = readModules();
const imported = new Set();
for (const [place, { source, declaration }] of modules) {
  const { code } = transformFileSync(source, { configFile: join(ROOT, '.swcrc'), sourceMaps: false });
  write(`dist/${place}.js`, code);
  write(`dist/${place}.d.ts`, declaration);
  for (const specifier of specifiersOf(code)) note(place, specifier, nameOf);
  for (const specifier of specifiersOf(declaration)) note(place, specifier, typesOf);
}
write('package.json', `${JSON.stringify(manifest(), null, 2)}\n`);
cpSync(join(PACKAGE, 'README.md'), join(FOLDER, 'README.md'));
cpSync(join(ROOT, 'LICENSE'), join(FOLDER, 'LICENSE'));
const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', OUT], { cwd: FOLDER, encoding: 'utf8' });
if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
console.log(join(OUT, packed.stdout.trim()));

function write(file, text) {
  mkdirSync(dirname(join(FOLDER, file)), { recursive: true });
  writeFileSync(join(FOLDER, file), text);
}

function specifiersOf(code) {
  return ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** Notes an imported package. @throws {Error} for a module that is not in the package */
function note(place, specifier, packageOf) {
  const target = resolvePlace(place, specifier);
  if (target === undefined) imported.add(packageOf(specifier));
  else if (!modules.has(target)) throw new Error(`${place} imports ${specifier}, which is not in the package.`);
}

function nameOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The package with the types of an imported package: this repository names it where a package brings none. */
function typesOf(specifier) {
  const name = nameOf(specifier);
  return `@types/${name}` in readJson(join(ROOT, 'package.json')).devDependencies ? `@types/${name}` : name;
}

function manifest() {
  const { version, license, dependencies, devDependencies } = readJson(join(ROOT, 'package.json'));
  const tested = { ...devDependencies, ...dependencies };
  const { peers, optionalPeers, name, ...own } = readJson(join(PACKAGE, 'manifest.json'));
  const ranges = Object.entries({ ...peers, ...optionalPeers }).map(([peer, range]) => [
    peer,
    `${range.replace('=', '')}${tested[peer]}`,
  ]);
  const brought = [...imported]
    .filter((found) => !(found in peers) && !(found in optionalPeers) && !isBuiltin(found))
    .toSorted();
  return {
    name,
    version,
    ...own,
    license,
    type: 'module',
    // A module that loads enters its types in the registries of GraphQL and of the ORM.
    sideEffects: true,
    exports: { ...Object.fromEntries(DOORS.map(exportOf)), './package.json': './package.json' },
    imports: IMPORTS,
    bin: { latchkey: `./dist/${PROGRAM}.js` },
    files: ['dist'],
    dependencies: Object.fromEntries(brought.map((found) => [found, installedVersion(found)])),
    peerDependencies: Object.fromEntries(ranges),
    peerDependenciesMeta: Object.fromEntries(Object.keys(optionalPeers).map((peer) => [peer, { optional: true }])),
  };
}

function exportOf(door) {
  const conditions = { types: `./dist/${door}.d.ts`, default: `./dist/${door}.js` };
  return [door === 'index' ? '.' : `./${door}`, conditions];
}

function installedVersion(name) {
  return readJson(join(ROOT, 'node_modules', name, 'package.json')).version;
}
