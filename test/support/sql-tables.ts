import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

/** Sources that hold the application's SQL. Migrations make the tables, entities describe them. */
const SOURCES = '{libs/*/src,apps/portal/src}/**/*.ts';
const NOT_STATEMENTS = /\.spec\.ts$|\.entity\.ts$|\/migrations\//;
/** Methods of Kysely whose first argument names a table. */
const NAMES_A_TABLE =
  /^(selectFrom|insertInto|updateTable|deleteFrom|mergeInto|using|table|id|(inner|left|right|full|cross)Join(Lateral)?)$/;

const PATH_OF_MODULE = /^\.{1,2}\//;

/** One statement, or one fragment of a statement, and the tables that its text names. */
export interface SqlText {
  file: string;
  line: number;
  tables: string[];
}

/** Every text of SQL in the sources under `root` that names one of `tables`. */
export function sqlTexts(root: string, tables: readonly string[]): SqlText[] {
  return globSync(SOURCES, { cwd: root })
    .filter((file) => !NOT_STATEMENTS.test(file))
    .toSorted()
    .flatMap((file) => textsOf(file, readFileSync(resolve(root, file), 'utf8'), tables));
}

/** A statement of TypeScript, or a variable, is taken as one text of SQL, with the variables of the file that it inserts. */
function textsOf(file: string, text: string, tables: readonly string[]): SqlText[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const named = namerOf(tables);
  const byOwner = new Map<ts.Node, Set<string>>();
  const insertions: { owner: ts.Node; name: string }[] = [];
  const add = (owner: ts.Node, found: Iterable<string>) =>
    byOwner.set(owner, new Set([...(byOwner.get(owner) ?? []), ...found]));
  const visit = (node: ts.Node): void => {
    const found = named(node);
    if (found.length > 0) add(ownerOf(node), found);
    if (ts.isTemplateSpan(node)) insertions.push(...namesIn(node).map((name) => ({ owner: ownerOf(node), name })));
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A fragment stands before the statements that insert it, so one pass follows fragments of fragments.
  for (const { owner, name } of insertions) {
    const fragment = [...byOwner].find(([node]) => ts.isVariableDeclaration(node) && node.name.getText() === name);
    if (fragment) add(owner, fragment[1]);
  }
  return [...byOwner].map(([owner, found]) => ({
    file,
    line: source.getLineAndCharacterOfPosition(owner.getStart()).line + 1,
    tables: [...found].toSorted(),
  }));
}

/** Finds the tables that one literal names: as an argument of Kysely's, or within SQL. */
function namerOf(tables: readonly string[]): (node: ts.Node) => string[] {
  const table = `"?\\b(${tables.join('|')})\\b"?`;
  const patterns = [
    new RegExp(`\\b(?:from|join|into|update|using|only)\\s+${table}`, 'gi'),
    new RegExp(`\\bfrom\\s[^()]*?,\\s*${table}\\s`, 'gi'),
    new RegExp(`${table}\\.["a-z_*]`, 'g'),
  ];
  return (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node) && !ts.isTemplateMiddleOrTemplateTail(node))
      return [];
    const { text } = node;
    if (PATH_OF_MODULE.test(text)) return [];
    if (isTableArgument(node)) return tables.filter((name) => name === /^\w+/.exec(text)?.[0]);
    return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  };
}

function isTableArgument(node: ts.Node): boolean {
  const list = ts.isArrayLiteralExpression(node.parent) ? node.parent : node;
  const call = list.parent;
  return (
    ts.isCallExpression(call) &&
    call.arguments[0] === list &&
    ts.isPropertyAccessExpression(call.expression) &&
    NAMES_A_TABLE.test(call.expression.name.text)
  );
}

function ownerOf(node: ts.Node): ts.Node {
  let owner = node;
  while (!ts.isVariableDeclaration(owner) && !ts.isStatement(owner) && !ts.isClassElement(owner)) owner = owner.parent;
  return owner;
}

function namesIn(node: ts.Node): string[] {
  const names: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isIdentifier(inner)) names.push(inner.text);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return names;
}
