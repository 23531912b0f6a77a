import { printSchemaWithDirectives } from '@graphql-tools/utils';
import type { GraphQLSchema } from 'graphql';

/** The schema as SDL, access directives included; introspection and `printSchema` carry none. */
export function printContract(schema: GraphQLSchema): string {
  return `${printSchemaWithDirectives(schema)}\n`;
}
