import {
  type DocumentNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The size of the code compiled for an operation, in fields. Each spread of a fragment adds the fragment's fields again, each
 * possible type of an interface adds all fields below it again, and a variable counts as a field.
 * @param document a validated document
 */
export function compiledSize(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation, selectionSet, variableDefinitions = [] }: OperationDefinitionNode,
): number {
  const counter = new FieldCounter(schema, document);
  return counter.selections(schema.getRootType(operation) ?? undefined, selectionSet) + variableDefinitions.length;
}

/** Walks each fragment once, however often it is spread. */
class FieldCounter {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {}

  selections(parent: GraphQLNamedType | undefined, { selections }: SelectionSetNode): number {
    return selections.reduce((sum, selection) => sum + this.selection(parent, selection), 0);
  }

  private selection(parent: GraphQLNamedType | undefined, selection: SelectionNode): number {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return this.selections(this.typeOf(selection.typeCondition?.name.value) ?? parent, selection.selectionSet);
    if (!selection.selectionSet) return 1;
    const type = fieldType(parent, selection.name.value);
    const variants = isAbstractType(type) ? this.schema.getPossibleTypes(type).length : 1;
    return 1 + variants * this.selections(type, selection.selectionSet);
  }

  private fragment(name: string): number {
    const known = this.counts.get(name);
    if (known !== undefined) return known;
    const definition = this.document.definitions.find(
      (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name,
    );
    if (definition?.kind !== Kind.FRAGMENT_DEFINITION) return 0;
    const count = this.selections(this.typeOf(definition.typeCondition.name.value), definition.selectionSet);
    this.counts.set(name, count);
    return count;
  }

  private typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.schema.getType(name);
  }
}

function fieldType(parent: GraphQLNamedType | undefined, name: string): GraphQLNamedType | undefined {
  const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
  return field && getNamedType(field.type);
}
