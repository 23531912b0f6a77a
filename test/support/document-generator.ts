import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLObjectType,
} from 'graphql';

export interface GeneratedDocument {
  text: string;
  /** Values under which every selection is taken, but for those that the document itself leaves out. */
  allTaken: Record<string, boolean>;
  /** Values from the pool, of the variables that stand in place of literals. */
  variables: Record<string, unknown>;
}

export interface GeneratorOptions {
  maxFields?: number;
  maxConditions?: number;
  /** Values that arguments and members of inputs may have, whatever their type. None: each is a fitting literal. */
  pool?: readonly unknown[];
}

const MAX_DEPTH = 6;
const SCALARS: Record<string, string> = {
  ID: '"00000000-0000-4000-8000-000000000000"',
  String: '"x"',
  Int: '1',
  Float: '1.5',
  Boolean: 'true',
  DateTime: '"2030-01-01T00:00:00Z"',
  JSONObject: '{}',
};

/**
 * A valid document over `schema`, decided by `choices` alone: aliases, named and inline fragments, `@skip` and
 * `@include` by literals and by variables, each condition with a variable of its own. With a `pool` it is as valid as
 * the values that are taken from it, and gives optional arguments and members, too.
 */
export function generateDocument(
  schema: GraphQLSchema,
  choices: readonly number[],
  { maxFields = 40, maxConditions = Infinity, pool = [] }: GeneratorOptions = {},
): GeneratedDocument {
  return new Generator(schema, choices, { maxFields, maxConditions, pool }).document();
}

class Generator {
  private next = 0;
  private fields = 0;
  private conditions = 0;
  private readonly fragments: string[] = [];
  private readonly allTaken: Record<string, boolean> = {};
  private readonly variables: Record<string, unknown> = {};
  private readonly declarations: string[] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly choices: readonly number[],
    private readonly options: Required<GeneratorOptions>,
  ) {}

  document(): GeneratedDocument {
    const isMutation = this.choose(4) === 0;
    const root = isMutation ? this.schema.getMutationType() : this.schema.getQueryType();
    if (!root) throw new Error('The schema has no root of this kind.');
    const selections = this.selections(root, 0);
    const variables = this.declarations.length > 0 ? `(${this.declarations.join(', ')})` : '';
    const operation = `${isMutation ? 'mutation' : 'query'} Generated${variables} ${selections}`;
    const text = [operation, ...this.fragments].join('\n');
    return { text, allTaken: this.allTaken, variables: this.variables };
  }

  /** One of `0 … below - 1`; 0 once the choices are used up, so that every document ends. */
  private choose(below: number): number {
    return (this.choices[this.next++] ?? 0) % below;
  }

  private selections(type: GraphQLObjectType, depth: number): string {
    const open = Object.values(type.getFields()).filter((field) => depth < MAX_DEPTH || !isObject(field));
    const selections = Array.from({ length: 1 + this.choose(3) }, () => {
      const field = open[this.choose(open.length || 1)];
      if (!field || this.fields++ > this.options.maxFields) return '__typename';
      return this.wrapped(type, this.field(field, depth));
    });
    return `{ ${selections.join(' ')} }`;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const given = field.args
      .filter((argument) => isRequiredArgument(argument) || this.givesMore())
      .map(({ name, type }) => `${name}: ${this.value(type)}`);
    const named = getNamedType(field.type);
    // A response key of its own for each: no two selections can be in each other's way.
    const alias = `f${this.fields}`;
    const below = isObjectType(named) ? ` ${this.selections(named, depth + 1)}` : '';
    return `${alias}: ${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${this.condition()}${below}`;
  }

  private wrapped(type: GraphQLObjectType, selection: string): string {
    switch (this.choose(6)) {
      case 0:
        return `... on ${type.name}${this.condition()} { ${selection} }`;
      case 1:
        return `...${this.condition()} { ${selection} }`;
      case 2: {
        const name = `F${this.fragments.length}`;
        this.fragments.push(`fragment ${name} on ${type.name} { ${selection} }`);
        return `...${name}${this.condition()}`;
      }
      default:
        return selection;
    }
  }

  private condition(): string {
    const choice = this.choose(12);
    if (choice > 5 || this.conditions++ >= this.options.maxConditions) return '';
    const directive = choice % 2 === 0 ? 'include' : 'skip';
    if (choice < 2) return ` @${directive}(if: ${directive === 'include'})`;
    if (choice < 4) return ` @${directive}(if: ${directive === 'skip' && this.choose(3) === 0})`;
    const name = `v${Object.keys(this.allTaken).length}`;
    this.allTaken[name] = directive === 'include';
    this.declarations.push(`$${name}: Boolean!`);
    return ` @${directive}(if: $${name})`;
  }

  private givesMore(): boolean {
    return this.options.pool.length > 0 && this.choose(3) === 0;
  }

  /** A literal that fits the type or, where there is a pool, any value of it. */
  private value(type: GraphQLInputType): string {
    const { pool } = this.options;
    const choice = pool.length > 0 ? this.choose(8) : undefined;
    if (choice === 0) return 'null';
    if (choice !== undefined && choice < 4) {
      const name = `o${Object.keys(this.variables).length}`;
      this.variables[name] = pool[this.choose(pool.length)];
      this.declarations.push(`$${name}: ${String(type)}`);
      return `$${name}`;
    }
    return this.literal(type);
  }

  private literal(type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.literal(type.ofType);
    if (isListType(type)) return `[${this.value(type.ofType)}]`;
    const named: GraphQLNamedType = type;
    if (isEnumType(named)) return named.getValues()[0]?.name ?? 'null';
    if (isInputObjectType(named)) {
      const members = Object.values(named.getFields()).filter((m) => isRequiredInputField(m) || this.givesMore());
      return `{ ${members.map((member) => `${member.name}: ${this.value(member.type)}`).join(', ')} }`;
    }
    return SCALARS[named.name] ?? 'null';
  }
}

function isObject(field: GraphQLField<unknown, unknown>): boolean {
  return isObjectType(getNamedType(field.type));
}
