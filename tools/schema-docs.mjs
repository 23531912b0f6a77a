import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  astFromValue,
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  print,
} from 'graphql';

/** A description of less says nothing that the name does not say. */
const SHORTEST = 15;
const ACCESS = /(?:^|\n)Access: (.*)$/;

/**
 * Parts of the schema that do not say what a client needs to know: without a description, or with one that is shorter
 * than 15 characters, its sentence about access left out.
 *
 * @param {string} sdl
 * @returns {string[]} schema coordinates
 */
export function undescribed(sdl) {
  return partsOf(buildSchema(sdl))
    .filter(([, { description }]) => textOf(description).length < SHORTEST)
    .map(([coordinate]) => coordinate);
}

/**
 * The schema as a page of Markdown: what each part is, its type, who may have it.
 *
 * @param {string} sdl
 */
export function schemaPage(sdl) {
  const schema = buildSchema(sdl);
  const types = ownTypes(schema);
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);
  const objects = types.filter((type) => isObjectType(type) && !roots.includes(type));
  const sections = [
    ...roots.flatMap((root) => [
      `## ${root.name}`,
      textOf(root.description),
      ...fieldsOf(root).map((field) => operation(root, field)),
    ]),
    '## Types',
    ...objects.map(objectType),
    '## Inputs',
    ...types.filter(isInputObjectType).map(inputType),
    '## Enums',
    ...types.filter(isEnumType).map(enumType),
    '## Scalars',
    ...types.filter(isScalarType).map((type) => `### ${type.name}\n\n${textOf(type.description)}`),
    '## Directives',
    ...ownDirectives(schema).map(directive),
  ];
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

const INTRODUCTION = `# The schema

Made from \`schema.graphql\` by \`npm run docs\`; \`npm run check\` compares them. \`!\` after a type: never null.
Which credential a field needs stands beside it; a field that says nothing is as open as the way that led to it.
Tasks, with operations to run: [first key](tasks/first-key.md), [a key of one's own](tasks/own-key.md),
[CI job](tasks/ci-job.md), [rotation without downtime](tasks/rotation.md), [leaked key](tasks/leaked-key.md),
[secret scanning](tasks/secret-scanning.md), [off-boarding a person](tasks/off-boarding.md).`;

function operation(root, field) {
  const access = accessOf(field);
  return [
    // Its own name would be that of the type, in a link.
    `### ${root.name}.${field.name}`,
    `→ ${typeLink(field.type)}${access && ` · ${access}`}`,
    textOf(field.description),
    ...(field.args.length > 0 ? [table(['argument', 'type', ''], field.args.map(inputRow))] : []),
  ].join('\n\n');
}

function objectType(type) {
  const rows = fieldsOf(type).flatMap((field) => [
    [code(field.name), typeLink(field.type), textOf(field.description), accessOf(field)],
    ...field.args.map((argument) => {
      const [name, ...rest] = inputRow(argument);
      return [`${code(field.name)} ${name}`, ...rest, ''];
    }),
  ]);
  return [`### ${type.name}`, textOf(type.description), table(['field', 'type', '', 'access'], rows)].join('\n\n');
}

function inputType(type) {
  const rows = fieldsOf(type).map(inputRow);
  return [`### ${type.name}`, textOf(type.description), table(['member', 'type', ''], rows)].join('\n\n');
}

function enumType(type) {
  const rows = type.getValues().map(({ name, description }) => [code(name), textOf(description)]);
  return [`### ${type.name}`, textOf(type.description), table(['value', ''], rows)].join('\n\n');
}

function directive({ name, description, args }) {
  const parts = [`### @${name}`, textOf(description)];
  return [...parts, ...(args.length > 0 ? [table(['argument', 'type', ''], args.map(inputRow))] : [])].join('\n\n');
}

function inputRow({ name, type, defaultValue, description }) {
  const value = defaultValue === undefined ? undefined : print(astFromValue(defaultValue, type));
  return [code(name), typeLink(type), `${textOf(description)}${value ? ` Default: ${code(value)}.` : ''}`];
}

function table(heads, rows) {
  return [row(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');
}

function row(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

/** The type as it is written, with a link to its description. */
function typeLink(type) {
  const named = getNamedType(type);
  const [before, after] = String(type).split(named.name);
  const name = isSpecifiedScalarType(named) ? named.name : `[${named.name}](#${named.name.toLowerCase()})`;
  return `${before.replaceAll('[', '\\[')}${name}${after.replaceAll(']', '\\]')}`;
}

/** Each part that a client can name, with its coordinate. */
function partsOf(schema) {
  return [
    ...ownTypes(schema).flatMap(partsOfType),
    ...ownDirectives(schema).flatMap((part) => [[`@${part.name}`, part], ...partsOfArguments(`@${part.name}`, part)]),
  ];
}

function partsOfType(type) {
  const fields = isObjectType(type) || isInputObjectType(type) ? fieldsOf(type) : [];
  const values = isEnumType(type) ? type.getValues() : [];
  return [
    [type.name, type],
    ...[...fields, ...values].flatMap((part) => [
      [`${type.name}.${part.name}`, part],
      ...partsOfArguments(`${type.name}.${part.name}`, part),
    ]),
  ];
}

function partsOfArguments(coordinate, { args = [] }) {
  return args.map((part) => [`${coordinate}(${part.name}:)`, part]);
}

function ownTypes(schema) {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
}

function ownDirectives(schema) {
  return schema.getDirectives().filter((part) => !isSpecifiedDirective(part));
}

function fieldsOf(type) {
  return Object.values(type.getFields());
}

const code = (text) => `\`${text}\``;
const textOf = (description) => (description ?? '').replace(ACCESS, '').trim();
const accessOf = ({ description }) => ACCESS.exec(description ?? '')?.[1] ?? '';

/** @returns {number} the exit code */
function main(root, isCheck) {
  const page = join(root, 'docs/schema.md');
  const sdl = readFileSync(join(root, 'schema.graphql'), 'utf8');
  const silent = undescribed(sdl);
  for (const coordinate of silent) console.error(`no description of ${SHORTEST} characters or more: ${coordinate}`);
  if (!isCheck) writeFileSync(page, schemaPage(sdl));
  const isCurrent = readFileSync(page, 'utf8') === schemaPage(sdl);
  if (!isCurrent) console.error(`${relative(root, page)} is not that of schema.graphql: run "npm run docs"`);
  if (silent.length > 0 || !isCurrent) return 1;
  console.log(`docs: every part of the schema is described, ${relative(root, page)} is current`);
  return 0;
}

if (import.meta.main) {
  process.exitCode = main(join(import.meta.dirname, '..'), process.argv.includes('--check'));
}
