import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { LIMITS } from '#kernel';
import type { Access } from './access.js';
import { QueryTooComplex } from '#graphql';

/** A field of an operation that declares access. */
export interface FieldNeed {
  /** Schema coordinate, such as `Query.devices`. */
  coordinate: string;
  /** Response keys that lead to the field, with aliases as written. List indexes are left out: they are not known yet. */
  path: readonly string[];
  access: Access;
}

/** Looks up the declaration of a schema coordinate. Undefined: the field is as open as the path that leads to it. */
export type AccessLookup = (coordinate: string) => Access | undefined;
/** Number of response fields met so far. */
export interface FieldCount {
  fields: number;
}
/**
 * True if a selection with `@skip` or `@include` on a variable is executed. Undefined: unknown, so the walk includes the
 * selection.
 */
export type VariableLookup = (name: string) => boolean | undefined;

interface Walk {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  accessOf: AccessLookup;
  variable: VariableLookup;
  needs: FieldNeed[];
  count: FieldCount;
}
/** A selection set and the object types it may apply to. */
interface Source {
  types: readonly GraphQLObjectType[];
  selectionSet: SelectionSetNode;
}
interface SelectedField {
  types: readonly GraphQLObjectType[];
  node: FieldNode;
}

/**
 * Every field of `operation` that declares access, in document order. Fields are merged by response key, as in execution, so a
 * document of repeated fragments costs no more than its answer would. On an abstract type, a field needs what it needs on each
 * possible type.
 * @param document a validated document
 * @param count the fields counted in other documents, where one request walks several
 * @throws {QueryTooComplex} past `LIMITS.fields`: fragments that spread each other multiply a short document
 */
export function walkOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  accessOf: AccessLookup,
  variable: VariableLookup,
  count: FieldCount = { fields: 0 },
): FieldNeed[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const walk: Walk = { schema, fragments, accessOf, variable, needs: [], count };
  const root = schema.getRootType(operation.operation);
  if (root) walkSources(walk, [{ types: [root], selectionSet: operation.selectionSet }], []);
  return walk.needs;
}

function walkSources(walk: Walk, sources: readonly Source[], path: readonly string[]): void {
  for (const [responseKey, fields] of fieldsByResponseKey(walk, sources)) {
    if (++walk.count.fields > LIMITS.fields) throw new QueryTooComplex('FIELDS', LIMITS.fields, walk.count.fields);
    const fieldPath = [...path, responseKey];
    const noted = new Set<string>();
    const below: Source[] = [];
    for (const { types, node } of fields) {
      const name = node.name.value;
      for (const type of types) {
        const coordinate = `${type.name}.${name}`;
        const access = noted.has(coordinate) ? undefined : walk.accessOf(coordinate);
        if (access) walk.needs.push({ coordinate, path: fieldPath, access });
        noted.add(coordinate);
      }
      if (node.selectionSet)
        below.push({ types: typesReturned(walk.schema, types, name), selectionSet: node.selectionSet });
    }
    if (below.length > 0) walkSources(walk, below, fieldPath);
  }
}

function fieldsByResponseKey(walk: Walk, sources: readonly Source[]): Map<string, SelectedField[]> {
  const fields = new Map<string, SelectedField[]>();
  const visited = new Set<string>();
  const collect = ({ types, selectionSet }: Source): void => {
    for (const selection of selectionSet.selections) {
      if (!mayBeTaken(selection, walk.variable)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const sameKey = fields.get(key) ?? [];
        sameKey.push({ types, node: selection });
        fields.set(key, sameKey);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
      if (!fragment) continue;
      const narrowed = narrow(walk.schema, types, fragment.typeCondition?.name.value);
      if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
        const visit = `${fragment.name.value}:${narrowed.map((type) => type.name).join()}`;
        if (visited.has(visit)) continue;
        visited.add(visit);
      }
      if (narrowed.length > 0) collect({ types: narrowed, selectionSet: fragment.selectionSet });
    }
  };
  sources.forEach(collect);
  return fields;
}

/** False only where `@skip` or `@include` certainly leaves the selection out. */
function mayBeTaken(selection: SelectionNode, variable: VariableLookup): boolean {
  return (selection.directives ?? []).every((directive) => {
    const leavesOutOn = directive.name.value === 'skip' ? true : directive.name.value === 'include' ? false : undefined;
    const condition = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    if (leavesOutOn === undefined || !condition) return true;
    if (condition.kind === Kind.BOOLEAN) return condition.value !== leavesOutOn;
    return condition.kind !== Kind.VARIABLE || variable(condition.name.value) !== leavesOutOn;
  });
}

function narrow(
  schema: GraphQLSchema,
  types: readonly GraphQLObjectType[],
  condition: string | undefined,
): readonly GraphQLObjectType[] {
  if (condition === undefined) return types;
  const possible = possibleTypes(schema, condition);
  return types.filter((type) => possible.includes(type));
}

function typesReturned(
  schema: GraphQLSchema,
  types: readonly GraphQLObjectType[],
  field: string,
): readonly GraphQLObjectType[] {
  const returned = new Set<GraphQLObjectType>();
  for (const type of types) {
    const definition = field.startsWith('__') ? undefined : type.getFields()[field];
    if (definition)
      for (const possible of possibleTypes(schema, getNamedType(definition.type).name)) returned.add(possible);
  }
  return [...returned];
}

function possibleTypes(schema: GraphQLSchema, name: string): readonly GraphQLObjectType[] {
  const type = schema.getType(name);
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}
