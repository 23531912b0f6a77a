import { type GraphQLSchema, isObjectType } from 'graphql';
import type { ApiFields } from './access-registry.js';

/**
 * What the access registry needs of a schema. A field resolver of an interface also serves each object type of the interface that
 * has no resolver of its own. Where there are several, the last one wins.
 */
export function apiFieldsOf(schema: GraphQLSchema): ApiFields {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
  );
  const inherited = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      type
        .getInterfaces()
        .flatMap((parent) =>
          Object.keys(parent.getFields()).map((field) => [`${parent.name}.${field}`, `${type.name}.${field}`] as const),
        ),
    );
  return { roots, inherited };
}
