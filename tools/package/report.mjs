/** The public declarations of a package, as a page: what each door exports, and every declaration that a user can meet. */
import ts from 'typescript';
import { resolvePlace } from './modules.mjs';

/**
 * @param {Map<string, { declaration: string }>} modules by place
 * @param {readonly string[]} doors places
 */
export function reportOf(modules, doors) {
  const files = new Map();
  const fileAt = (place) => {
    if (!files.has(place)) files.set(place, readFile(place, modules.get(place).declaration));
    return files.get(place);
  };
  const met = new Map();
  const meet = (place, name) => {
    const found = find(fileAt, place, name);
    if (!found || met.has(keyOf(found))) return;
    met.set(keyOf(found), found);
    const { scope } = found;
    for (const other of found.names) meet(scope, other);
    for (const [module, other] of found.imported) meet(resolvePlace(scope, module) ?? '', other);
  };
  const sections = doors.map((door) => {
    const names = [...fileAt(door).exports.keys()].toSorted();
    for (const name of names) meet(door, name);
    const title = door === 'index' ? '' : `/${door}`;
    return `## \`@latchkey/nestjs${title}\`\n\n${names.map((name) => `\`${name}\``).join(', ')}`;
  });
  const declarations = [...met.values()].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  // One statement may declare several names.
  const code = [...new Set(declarations.map(({ scope, text }) => `// ${scope}\n${text}`))].join('\n\n');
  return `${[INTRODUCTION, ...sections, '## Declarations', `\`\`\`ts\n${code}\n\`\`\``].join('\n\n')}\n`;
}

const INTRODUCTION = `# The public declarations of \`@latchkey/nestjs\`

Made from the sources by \`npm run docs\`; \`npm run check\` compares them. Left out: comments, private members, constructors that Nest
calls, and the columns of entities, which migrations describe.`;

const keyOf = ({ scope, name }) => `${scope}: ${name}`;

/** A declaration file: its exports, its imports and its declarations, each by the name in the file. */
function readFile(place, text) {
  const source = ts.createSourceFile(`${place}.d.ts`, text, ts.ScriptTarget.Latest, true);
  const file = { place, source, exports: new Map(), imports: new Map(), declared: new Map() };
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement)) noteExports(file, statement);
    else if (ts.isImportDeclaration(statement)) noteImports(file, statement);
    else for (const name of namesOf(statement)) noteDeclaration(file, name, statement);
  }
  return file;
}

function noteExports({ place, exports }, { moduleSpecifier, exportClause }) {
  if (exportClause && !ts.isNamedExports(exportClause)) throw new Error(`${place} exports a namespace.`);
  if (!exportClause) throw new Error(`${place} exports names that it does not list.`);
  for (const { name, propertyName = name } of exportClause.elements)
    exports.set(name.text, { module: moduleSpecifier?.text, name: propertyName.text });
}

function noteImports({ imports }, { moduleSpecifier, importClause }) {
  const bindings = importClause?.namedBindings;
  if (!bindings || !ts.isNamedImports(bindings)) return;
  for (const { name, propertyName = name } of bindings.elements)
    imports.set(name.text, { module: moduleSpecifier.text, name: propertyName.text });
}

function noteDeclaration({ exports, declared }, name, statement) {
  declared.set(name, [...(declared.get(name) ?? []), statement]);
  const isExported = ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (isExported) exports.set(name, { module: undefined, name });
}

function namesOf(statement) {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  return statement.name && ts.isIdentifier(statement.name) ? [statement.name.text] : [];
}

const bound = (name) => (ts.isIdentifier(name) ? [name.text] : name.elements.flatMap((element) => bound(element.name)));

/** The declaration that `name` means in the file at `place`; undefined where it belongs to another package or is a parameter. */
function find(fileAt, place, name) {
  if (place === '') return undefined;
  const file = fileAt(place);
  const link = file.declared.has(name) ? undefined : (file.imports.get(name) ?? file.exports.get(name));
  if (link) {
    const target = link.module === undefined ? place : (resolvePlace(place, link.module) ?? '');
    return target === place && link.name === name ? undefined : find(fileAt, target, link.name);
  }
  const statements = file.declared.get(name);
  return statements && describe(file, name, statements);
}

/** The text of a declaration, and the names that its text uses. */
function describe({ place, source }, name, statements) {
  const shown = statements.map((statement) => shownOf(statement));
  const [names, imported] = [new Set(), []];
  const visit = (node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
    if (ts.isImportTypeNode(node) && node.qualifier)
      imported.push([node.argument.literal.text, node.qualifier.getText(source)]);
    ts.forEachChild(node, visit);
  };
  shown.forEach(visit);
  names.delete(name);
  const text = shown.map((node) => PRINTER.printNode(ts.EmitHint.Unspecified, node, source)).join('\n');
  return { scope: place, name, text, names, imported };
}

const PRINTER = ts.createPrinter({ removeComments: true });

/** The statement as a user sees it. A class loses its private members, and a constructor that takes any of them. */
function shownOf(statement) {
  if (!ts.isClassDeclaration(statement)) return ts.visitEachChild(statement, withoutColumns, undefined);
  const hidden = new Set(statement.members.filter(isPrivate).map(({ name }) => name?.getText()));
  const members = statement.members.filter(
    (member) =>
      !isPrivate(member) &&
      !(ts.isConstructorDeclaration(member) && member.parameters.some(({ name }) => hidden.has(name.getText()))),
  );
  const { modifiers, name, typeParameters, heritageClauses } = statement;
  return ts.factory.updateClassDeclaration(statement, modifiers, name, typeParameters, heritageClauses, members);
}

/** The type of an entity has a page for each column: its name and its table remain. */
function withoutColumns(node) {
  if (!ts.isImportTypeNode(node) || node.qualifier?.text !== 'EntitySchemaWithMeta')
    return ts.visitEachChild(node, withoutColumns, undefined);
  const { argument, attributes, qualifier, typeArguments, isTypeOf } = node;
  return ts.factory.updateImportTypeNode(node, argument, attributes, qualifier, typeArguments.slice(0, 2), isTypeOf);
}

function isPrivate(member) {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
}
