import { globSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import ts from 'typescript';

/** Files whose exports are looked at, and files that may use them. */
const EXPORTING = '{libs,apps/portal}/**/*.ts';
const USING = '{libs,apps,packages,test,bench,tools,examples}/**/*.{ts,tsx,mjs,cjs}';
const NOT_OURS = /(^|\/)(node_modules|dist)\/|\.d\.ts$/;
const ALL = '*';

interface Module {
  /** Names that others can import. */
  exports: Set<string>;
  /** Names that stand more than once in the file, as those in the signature of another export do. */
  repeated: Set<string>;
  /** The names that this file imports or re-exports: the file and the name there. */
  uses: { file: string; name: string }[];
}

/**
 * Exports of rooms and of the application that no other file imports, as `file: name`. A name that its own file uses, too,
 * may be exported all the same: it stands in the signature of another export. A door has no such excuse.
 */
export function unusedExports(root: string): string[] {
  const { config } = ts.readConfigFile(resolve(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = [...globSync(USING, { cwd: root }), 'mikro-orm.config.ts'].filter((file) => !NOT_OURS.test(file));
  const modules = new Map(files.map((file) => [file, readModule(root, file, options)]));
  const used = new Set([...modules.values()].flatMap(({ uses }) => uses.map(({ file, name }) => `${file}: ${name}`)));
  return globSync(EXPORTING, { cwd: root })
    .filter((file) => !NOT_OURS.test(file))
    .flatMap((file) => {
      const { exports, repeated } = modules.get(file) ?? { exports: new Set(), repeated: new Set() };
      return [...exports].filter((name) => !repeated.has(name)).map((name) => ({ file, name }));
    })
    .filter(({ file, name }) => !used.has(`${file}: ${name}`) && !used.has(`${file}: ${ALL}`))
    .map(({ file, name }) => `${file}: ${name}`)
    .toSorted();
}

function readModule(root: string, file: string, options: ts.CompilerOptions): Module {
  const path = resolve(root, file);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const module: Module = { exports: new Set(), repeated: new Set(), uses: [] };
  const mode = ts.ModuleKind.ESNext;
  const use = (specifier: ts.Node | undefined, names: readonly string[]) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const found = ts.resolveModuleName(
      specifier.text,
      path,
      options,
      ts.sys,
      undefined,
      undefined,
      mode,
    ).resolvedModule;
    if (found) module.uses.push(...names.map((name) => ({ file: relative(root, found.resolvedFileName), name })));
  };
  const seen = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) use(node.moduleSpecifier, namesImported(node.importClause));
    else if (ts.isExportDeclaration(node)) {
      const listed = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : undefined;
      listed?.forEach(({ name }) => module.exports.add(name.text));
      use(node.moduleSpecifier, listed ? listed.map(({ name, propertyName }) => (propertyName ?? name).text) : [ALL]);
    } else if (ts.isImportTypeNode(node)) {
      const { argument, qualifier } = node;
      use(ts.isLiteralTypeNode(argument) ? argument.literal : undefined, [qualifier ? firstOf(qualifier) : ALL]);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      use(node.arguments[0], namesAwaited(node));
    else if (isExported(node)) namesDeclared(node).forEach((name) => module.exports.add(name));
    if (ts.isIdentifier(node)) (seen.has(node.text) ? module.repeated : seen).add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return module;
}

function namesImported(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
  return [
    ...(clause?.name ? ['default'] : []),
    ...(named ? named.map(({ name, propertyName }) => (propertyName ?? name).text) : bindings ? [ALL] : []),
  ];
}

/** The names of `const { one, other } = await import('…')`, or all names for any other dynamic import. */
function namesAwaited(call: ts.CallExpression): string[] {
  const declaration = ts.isAwaitExpression(call.parent) ? call.parent.parent : call.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)) return [ALL];
  return declaration.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
}

function namesDeclared(node: ts.Node): string[] {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((one) => (ts.isBindingElement(one) ? [one.name.getText()] : [])),
    );
  const { name } = node as ts.Node & { name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

function isExported(node: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  const has = (kind: ts.SyntaxKind) => modifiers.some((modifier) => modifier.kind === kind);
  return has(ts.SyntaxKind.ExportKeyword) && !has(ts.SyntaxKind.DefaultKeyword);
}

function firstOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : firstOf(name.left);
}
