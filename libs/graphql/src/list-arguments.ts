import { type FieldNode, type GraphQLField, Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';
import { LIMITS } from '#kernel';

/**
 * The largest number of items in a list that takes no page size, given as the field's extension `listLength`.
 * @param argument the value of an argument as it was sent; undefined where the value is not known
 */
export type ListLength = (argument: (name: string) => unknown) => number;

const PAGE_SIZES = new Set(['first', 'last']);

/** The arguments of an operation's fields that decide how long lists are. */
export class ListArguments {
  /** @param variables undefined: page sizes that come from variables count as the largest */
  constructor(
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Readonly<Record<string, unknown>> | undefined,
  ) {}

  /** The largest number of items in the lists directly below a field. */
  pageSize(definition: GraphQLField<unknown, unknown> | undefined, node: FieldNode): number {
    if (!definition?.args.some(({ name }) => PAGE_SIZES.has(name))) return LIMITS.unpagedList;
    const asked = (node.arguments ?? []).filter(({ name }) => PAGE_SIZES.has(name.value));
    const { min, max, default: usual } = LIMITS.pageSize;
    // A page size out of range is refused where the page is read, with a better message than we could give here.
    const sizes = asked.flatMap(({ value }) => this.number(value) ?? []).map((size) => clamp(size, min, max));
    return sizes.length > 0 ? Math.max(...sizes) : usual;
  }

  /** The value as it was sent; undefined where the value is not known. */
  valueOf(definition: GraphQLField<unknown, unknown>, node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (!value) return definition.args.find((argument) => argument.name === name)?.defaultValue;
    if (value.kind === Kind.VARIABLE) return this.variables?.[value.name.value];
    return value.kind === Kind.STRING || value.kind === Kind.ENUM ? value.value : undefined;
  }

  private number(value: ValueNode): number | undefined {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind !== Kind.VARIABLE) return undefined;
    if (!this.variables) return LIMITS.pageSize.max;
    const name = value.name.value;
    const given = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
    if (given !== undefined) return typeof given === 'number' ? given : undefined;
    const { defaultValue } =
      this.operation.variableDefinitions?.find(({ variable }) => variable.name.value === name) ?? {};
    return defaultValue?.kind === Kind.INT ? Number(defaultValue.value) : undefined;
  }
}

const clamp = (size: number, min: number, max: number): number => Math.min(Math.max(size, min), max);
