import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { forgetLoaded } from '#kernel';
import type { GraphQLContext } from './graphql-context.js';

/** The mutations of one operation run one after another. None of them may answer with data that an earlier one has read. */
export function withFreshMutations(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context: GraphQLContext, info) => {
      forgetLoaded(context.req);
      return resolve(source, args, context, info) as unknown;
    };
  }
  return schema;
}
