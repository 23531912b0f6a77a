import {
  type DocumentNode,
  execute,
  type GraphQLCompositeType,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { GraphQLContext } from './graphql-context.js';
import { forgetLoaded } from '#kernel';

const ANSWER = 'answer';
/** The type of every variable of a check: their own types have already parsed the values. */
const READ_ALREADY = new GraphQLScalarType({ name: 'ReadAlready' });
const schemas = new WeakMap<GraphQLCompositeType, GraphQLSchema>();

/**
 * Resolves the fields that the client selects from the payload of a mutation, before the mutation is committed. A mutation that
 * shows a secret once calls this inside its transaction. An answer that fails then undoes the change; a failure after the commit
 * would lose the secret. Loaded data stays with the request, so the answer itself reads nothing more.
 * @param info of the mutation's own field
 * @throws the first error, with the path that the error has in the answer
 */
export async function requireAnswer(payload: object, context: GraphQLContext, info: GraphQLResolveInfo): Promise<void> {
  // The loaders may hold data of an earlier attempt, whose transaction was rolled back.
  forgetLoaded(context.req);
  const { errors } = await execute({
    schema: schemaFor(info),
    document: documentOf(info),
    rootValue: { [ANSWER]: payload },
    contextValue: context,
    variableValues: info.variableValues,
  });
  const [first] = errors ?? [];
  if (first) throw first;
}

/** A schema with one field, of the mutation's type. */
function schemaFor({ returnType: type, schema }: GraphQLResolveInfo): GraphQLSchema {
  const known = schemas.get(type as GraphQLCompositeType);
  if (known) return known;
  const made = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'CheckedAnswer', fields: { [ANSWER]: { type } } }),
    types: [...Object.values(schema.getTypeMap()), READ_ALREADY],
    assumeValid: true,
  });
  schemas.set(type as GraphQLCompositeType, made);
  return made;
}

/** The operation with the mutation's field alone, under the field's name in the answer. */
function documentOf({ fieldNodes, fragments, path, variableValues }: GraphQLResolveInfo): DocumentNode {
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: Object.keys(variableValues).map((variable) => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable: { kind: Kind.VARIABLE, name: name(variable) },
      type: { kind: Kind.NAMED_TYPE, name: name(READ_ALREADY.name) },
    })),
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [
        {
          kind: Kind.FIELD,
          name: name(ANSWER),
          alias: name(String(path.key)),
          selectionSet: {
            kind: Kind.SELECTION_SET,
            selections: fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []),
          },
        },
      ],
    },
  };
  return { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] };
}

function name(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
