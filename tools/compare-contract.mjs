import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  astFromValue,
  buildSchema,
  getDirectiveValues,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  print,
} from 'graphql';
import { partsOf, withParts } from './contract-parts.mjs';

const ACCESS_DIRECTIVES = ['requiresScopes', 'sessionOnly', 'authenticated', 'public'];
const KINDS = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'type',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
};

/**
 * What of the contract the schema lacks, and where the two differ. The schema may hold more, as long as no request and
 * no answer of the contract changes by it. A part that is missing whole is named once, without its members.
 *
 * @param {string} contractSdl
 * @param {string} schemaSdl with the access directives applied to its fields
 * @returns {{ missing: string[]; disagreements: string[] }}
 * @throws {GraphQLError} when one of the two is not a valid schema
 */
export function compareSchemas(contractSdl, schemaSdl) {
  const contract = buildSchema(contractSdl);
  const schema = buildSchema(schemaSdl);
  const report = { missing: [], disagreements: [] };

  for (const kind of ['Query', 'Mutation', 'Subscription']) {
    const wanted = contract[`get${kind}Type`]()?.name;
    const built = schema[`get${kind}Type`]()?.name;
    if (wanted && built) expectSame(report, `the ${kind.toLowerCase()} root`, wanted, built);
  }
  const directives = contract.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  for (const wanted of directives) compareDirective(report, wanted, schema.getDirective(wanted.name));

  const types = Object.values(contract.getTypeMap());
  for (const wanted of types.filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))) {
    compareType(report, { contract, schema }, wanted, schema.getType(wanted.name));
  }
  return report;
}

function compareDirective(report, wanted, built) {
  const name = `@${wanted.name}`;
  if (!built) return report.missing.push(`directive ${name}`);
  expectSame(report, `${name}, repeatable`, wanted.isRepeatable, built.isRepeatable);
  expectNames(report, `directive ${name} on `, wanted.locations, built.locations);
  compareInputs(report, (argument) => `${name}(${argument}:)`, wanted.args, built.args, isRequiredArgument);
}

function compareType(report, schemas, wanted, built) {
  const name = wanted.name;
  if (!built) return report.missing.push(`${kindOf(wanted)} ${name}`);
  if (kindOf(wanted) !== kindOf(built)) return expectSame(report, name, kindOf(wanted), kindOf(built));

  if (isEnumType(wanted))
    expectNames(report, `enum value ${name}.`, namesOf(wanted.getValues()), namesOf(built.getValues()));
  if (isUnionType(wanted))
    expectNames(report, `union ${name} = `, namesOf(wanted.getTypes()), namesOf(built.getTypes()));
  if (isInputObjectType(wanted)) {
    const [wantedFields, builtFields] = [wanted, built].map((type) => Object.values(type.getFields()));
    compareInputs(report, (field) => `${name}.${field}`, wantedFields, builtFields, isRequiredInputField);
  }
  if (isObjectType(wanted) || isInterfaceType(wanted)) {
    expectNames(report, `type ${name} implements `, namesOf(wanted.getInterfaces()), namesOf(built.getInterfaces()));
    for (const field of Object.values(wanted.getFields())) {
      compareField(report, schemas, `${name}.${field.name}`, field, built.getFields()[field.name]);
    }
  }
}

function compareField(report, { contract, schema }, coordinate, wanted, built) {
  if (!built) return report.missing.push(`field ${coordinate}`);
  expectSame(report, coordinate, String(wanted.type), String(built.type));
  compareInputs(report, (argument) => `${coordinate}(${argument}:)`, wanted.args, built.args, isRequiredArgument);
  expectSame(report, `${coordinate}, access`, accessOf(contract, wanted), accessOf(schema, built));
}

/** Arguments and input fields: one more is no disagreement unless a request of the contract would have to give it. */
function compareInputs(report, coordinateOf, wantedInputs, builtInputs, isRequired) {
  for (const wanted of wantedInputs) {
    const coordinate = coordinateOf(wanted.name);
    const built = builtInputs.find(({ name }) => name === wanted.name);
    if (!built) {
      report.missing.push(`input ${coordinate}`);
      continue;
    }
    expectSame(report, coordinate, String(wanted.type), String(built.type));
    expectSame(report, `${coordinate}, default`, defaultOf(wanted), defaultOf(built));
  }
  const added = builtInputs.filter(({ name }) => !wantedInputs.some((wanted) => wanted.name === name));
  for (const extra of added.filter(isRequired)) {
    report.disagreements.push(`${coordinateOf(extra.name)}: required, and not in the contract`);
  }
}

function expectNames(report, what, wanted, built) {
  report.missing.push(...wanted.filter((name) => !built.includes(name)).map((name) => `${what}${name}`));
}

function expectSame(report, what, wanted, built) {
  if (wanted !== built) report.disagreements.push(`${what}: the contract has ${wanted}, the schema ${built}`);
}

/** The access directives of a field as one comparable text, whatever the order of directives or scopes. */
function accessOf(schema, field) {
  const applied = ACCESS_DIRECTIVES.map((name) => schema.getDirective(name))
    .filter((directive) => directive && field.astNode.directives.some(({ name }) => name.value === directive.name))
    .map((directive) => `@${directive.name}${argumentsText(getDirectiveValues(directive, field.astNode))}`);
  return applied.join(' ') || 'none';
}

function argumentsText(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  return given.length > 0 ? `(${given.map(([name, value]) => `${name}: ${sorted(value)}`).join(', ')})` : '';
}

function sorted(value) {
  return Array.isArray(value) ? `[${value.map(sorted).toSorted().join(', ')}]` : String(value);
}

function defaultOf(input) {
  return input.defaultValue === undefined ? 'none' : print(astFromValue(input.defaultValue, input.type));
}

function namesOf(parts) {
  return parts.map(({ name }) => name);
}

function kindOf(type) {
  return KINDS[type.astNode.kind];
}

/** @returns {number} the exit code */
function main(root, complete) {
  const contractPath = resolve(root, process.env.CONTRACT ?? '../shared/contract.graphql');
  if (!existsSync(contractPath)) {
    console.log('contract: not compared, contract.graphql is not at hand');
    return 0;
  }
  const schemaPath = join(root, 'schema.graphql');
  if (!existsSync(schemaPath)) {
    console.error('contract: not compared, there is no schema.graphql; print it from the built schema first');
    return 1;
  }
  const [contract, schema] = [readFileSync(contractPath, 'utf8'), readFileSync(schemaPath, 'utf8')];
  const parts = partsBeside(contractPath);
  const named = JSON.parse(readFileSync(join(root, 'contract-parts.json'), 'utf8')).complete;
  const finished = parts.filter(({ name }) => named.includes(name));
  const { missing, disagreements } = compareSchemas(withParts(contract, finished), schema);
  for (const part of parts.filter((part) => !finished.includes(part))) {
    const report = compareSchemas(withParts(contract, [...finished, part]), schema);
    for (const name of report.missing.filter((name) => !missing.includes(name)))
      console.log(`to come       part ${part.name}: ${name}`);
  }
  for (const part of missing) console.log(`missing       ${part}`);
  for (const difference of disagreements) console.error(`disagreement  ${difference}`);
  console.log(`contract: ${missing.length} missing, ${disagreements.length} disagreements`);
  return disagreements.length > 0 || (complete && missing.length > 0) ? 1 : 0;
}

function partsBeside(contractPath) {
  const path = join(dirname(contractPath), 'contract-2.graphql');
  return existsSync(path) ? partsOf(readFileSync(path, 'utf8')) : [];
}

if (import.meta.main) {
  process.exitCode = main(join(import.meta.dirname, '..'), process.argv.includes('--complete'));
}
