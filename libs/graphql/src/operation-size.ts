import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { LIMITS } from '#kernel';
import { ListArguments, type ListLength } from './list-arguments.js';

/** The size of an operation as it is written, including selections that `@skip` and `@include` leave out. */
export interface OperationSize {
  /** The larger of the depth in fields and the depth in fragments. Introspection counts as one level, however deep. */
  depth: number;
  aliases: number;
  /** Number of response keys of the root: a field written twice counts once. */
  rootFields: number;
  directives: number;
  /** List items in the answer if every page were full. */
  cost: number;
  /** Characters of the longest alias, or of the operation's name. */
  nameLength: number;
}

/** The part of a size that one selection adds. */
interface Extent {
  fields: number;
  fragments: number;
  aliases: number;
  directives: number;
  nameLength: number;
  /** List items whose number is already final. */
  items: number;
  /** List items for each item of the enclosing page, whose size is known only further up. */
  itemsPerItem: number;
}

const NOTHING: Extent = {
  fields: 0,
  fragments: 0,
  aliases: 0,
  directives: 0,
  nameLength: 0,
  items: 0,
  itemsPerItem: 0,
};
const INTROSPECTION = new Set(['__schema', '__type']);

/**
 * A fragment counts once for each of its spreads but is walked once. So fragments that spread each other cost no more time than
 * their length, and hide nothing.
 * @param document a validated document
 * @param variables undefined: page sizes that come from variables count as the largest
 */
export function sizeOfOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables?: Readonly<Record<string, unknown>>,
): OperationSize {
  return new Measurement(schema, document, operation, variables).size();
}

class Measurement {
  private readonly definitions = new Map<string, FragmentDefinitionNode>();
  private readonly fragments = new Map<string, Extent>();
  private readonly lists: ListArguments;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>> | undefined,
  ) {
    this.lists = new ListArguments(operation, variables);
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.definitions.set(definition.name.value, definition);
  }

  size(): OperationSize {
    const { operation } = this;
    const root = this.selections(this.schema.getRootType(operation.operation) ?? undefined, operation.selectionSet);
    const onVariables = (operation.variableDefinitions ?? []).map(({ directives }) => directives);
    return {
      depth: Math.max(root.fields, root.fragments),
      aliases: counted(root.aliases),
      rootFields: this.responseKeys(operation.selectionSet).size,
      directives: counted(root.directives + [operation.directives, ...onVariables].flat().length),
      cost: counted(root.items + root.itemsPerItem * LIMITS.unpagedList),
      nameLength: Math.max(root.nameLength, operation.name?.value.length ?? 0),
    };
  }

  private selections(parent: GraphQLNamedType | undefined, { selections }: SelectionSetNode): Extent {
    return selections.map((selection) => this.selection(parent, selection)).reduce(together, NOTHING);
  }

  private selection(parent: GraphQLNamedType | undefined, selection: SelectionNode): Extent {
    if (selection.kind === Kind.FIELD) return this.field(parent, selection);
    const below =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? this.fragment(selection.name.value)
        : this.selections(this.conditionOf(selection, parent), selection.selectionSet);
    const directives = below.directives + (selection.directives?.length ?? 0);
    return { ...below, directives, fragments: below.fragments + 1 };
  }

  private fragment(name: string): Extent {
    const known = this.fragments.get(name);
    if (known) return known;
    const definition = this.definitions.get(name);
    if (!definition) return NOTHING;
    const inside = this.selections(this.conditionOf(definition), definition.selectionSet);
    const extent = { ...inside, directives: inside.directives + (definition.directives?.length ?? 0) };
    this.fragments.set(name, extent);
    return extent;
  }

  private field(parent: GraphQLNamedType | undefined, node: FieldNode): Extent {
    const definition = fieldOf(parent, node.name.value);
    const below = node.selectionSet
      ? this.selections(definition && getNamedType(definition.type), node.selectionSet)
      : NOTHING;
    const items = below.items + below.itemsPerItem * this.lists.pageSize(definition, node);
    return {
      fields: INTROSPECTION.has(node.name.value) ? 1 : below.fields + 1,
      fragments: INTROSPECTION.has(node.name.value) ? 0 : below.fragments,
      aliases: below.aliases + (node.alias ? 1 : 0),
      directives: below.directives + (node.directives?.length ?? 0),
      nameLength: Math.max(below.nameLength, node.alias?.value.length ?? 0),
      ...this.listed(definition, node, items),
    };
  }

  /** The list items that a field adds, where each item of the field has `items` items below it. */
  private listed(
    definition: GraphQLField<unknown, unknown> | undefined,
    node: FieldNode,
    items: number,
  ): Pick<Extent, 'items' | 'itemsPerItem'> {
    if (!definition || !isListOfObjects(definition)) return { items, itemsPerItem: 0 };
    const length = definition.extensions['listLength'] as ListLength | undefined;
    if (!length) return { items: 0, itemsPerItem: 1 + items };
    return { items: length((name) => this.lists.valueOf(definition, node, name)) * (1 + items), itemsPerItem: 0 };
  }

  private conditionOf(
    { typeCondition }: { typeCondition?: FragmentDefinitionNode['typeCondition'] },
    parent?: GraphQLNamedType,
  ): GraphQLNamedType | undefined {
    return typeCondition ? this.schema.getType(typeCondition.name.value) : parent;
  }

  private responseKeys(set: SelectionSetNode, keys = new Set<string>(), visited = new Set<string>()): Set<string> {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) keys.add(selection.alias?.value ?? selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) this.responseKeys(selection.selectionSet, keys, visited);
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const definition = this.definitions.get(selection.name.value);
        if (definition) this.responseKeys(definition.selectionSet, keys, visited);
      }
    }
    return keys;
  }
}

function together(one: Extent, other: Extent): Extent {
  return {
    fields: Math.max(one.fields, other.fields),
    fragments: Math.max(one.fragments, other.fragments),
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    nameLength: Math.max(one.nameLength, other.nameLength),
    items: one.items + other.items,
    itemsPerItem: one.itemsPerItem + other.itemsPerItem,
  };
}

function fieldOf(parent: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

function isListOfObjects({ type }: GraphQLField<unknown, unknown>): boolean {
  return isListType(getNullableType(type)) && isCompositeType(getNamedType(type));
}

/** Fragments can multiply beyond the largest exact integer. */
const counted = (count: number): number => Math.min(count, Number.MAX_SAFE_INTEGER);
