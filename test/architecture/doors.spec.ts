import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { PORTAL_ONLY } from './portal-only-names.js';

const ROOT = resolve(import.meta.dirname, '../..');
const ALL = '*';

/** What a source takes from rooms, each as `#room: name`. An import of a whole room, or one at run time, takes all names. */
function takenBy(source: string): string[] {
  const taken: string[] = [];
  const take = (specifier: ts.Node | undefined, names: readonly string[]) => {
    if (specifier && ts.isStringLiteralLike(specifier) && specifier.text.startsWith('#'))
      taken.push(...names.map((name) => `${specifier.text}: ${name}`));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) take(node.moduleSpecifier, namesOf(node.importClause?.namedBindings));
    else if (ts.isExportDeclaration(node)) take(node.moduleSpecifier, namesOf(node.exportClause));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal, [ALL]);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      take(node.arguments[0], namesAwaited(node));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.tsx', source, ts.ScriptTarget.Latest, true));
  return taken;
}

function namesOf(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): string[] {
  if (!bindings || !('elements' in bindings)) return [ALL];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

/** The names of `const { a, b } = await import(…)`. */
function namesAwaited({ parent: { parent } }: ts.CallExpression): string[] {
  if (!ts.isVariableDeclaration(parent) || !ts.isObjectBindingPattern(parent.name)) return [ALL];
  return parent.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
}

const takenIn = (files: string): string[] =>
  globSync(files, { cwd: ROOT }).flatMap((file) => takenBy(readFileSync(join(ROOT, file), 'utf8')));

/** A name and its room, whichever door of the room it came by. */
const withoutDoor = (taken: string): string => taken.replace(/\/\w+(?=: )/, '');

/** The names that are taken and not offered, by the door of the room that they come by. */
function notOffered(taken: readonly string[], offered: readonly string[]): Record<string, string[]> {
  const known = new Set(offered.map(withoutDoor));
  const own = [...new Set(taken)].filter((name) => !known.has(withoutDoor(name))).toSorted();
  return Object.groupBy(own, (name) => name.split(': ', 1)[0] ?? '') as Record<string, string[]>;
}

describe('doors', () => {
  const offered = takenIn('packages/nestjs/src/*.ts');

  it('the portal imports what the package offers, and beside this the listed names only', () => {
    const listed = Object.entries(PORTAL_ONLY).map(([door, { names }]) => [
      door,
      names.map((name) => `${door}: ${name}`).toSorted(),
    ]);
    expect(notOffered(takenIn('apps/portal/src/**/*.{ts,tsx}'), offered)).toEqual(Object.fromEntries(listed));
  });

  it('the examples import nothing of the repository but the package', () => {
    const files = globSync('examples/*/{src,test}/**/*.{ts,mts,mjs,js}', { cwd: ROOT });
    const sources = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
    expect(sources.flatMap(takenBy)).toEqual([]);
    expect(sources.filter((source) => /from '[./]*\/(libs|apps|packages)\//.test(source))).toEqual([]);
    expect(sources.filter((source) => source.includes("from '@latchkey/nestjs")).length).toBeGreaterThan(5);
  });

  it.each([
    [`import { AppError, secret } from '#kernel';`, ['#kernel: secret']],
    [`import type { secret as known } from '#kernel';`, ['#kernel: secret']],
    [`export { AppError } from '#access';`, ['#access: AppError']],
    [`import { AppError } from '#kernel/words';`, []],
    [`import * as kernel from '#kernel';`, ['#kernel: *']],
    [`const { AppError, secret: known } = await import('#kernel');`, ['#kernel: secret']],
    [`const kernel = await import('#kernel');`, ['#kernel: *']],
    [`type Known = import('#kernel').AppError;`, ['#kernel: *']],
    [`import { other } from './kernel.js';`, []],
  ])('a name that no door offers is found: %s', (source, found) => {
    expect(Object.values(notOffered(takenBy(source), ['#kernel: AppError'])).flat()).toEqual(found);
  });
});
