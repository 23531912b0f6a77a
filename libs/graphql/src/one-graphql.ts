import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLISODateTime } from '@nestjs/graphql';
import { GraphQLError, GraphQLScalarType } from 'graphql';
import { OperatorError } from '#kernel';

/** Types and errors of two copies of graphql do not know each other, and most failures that follow name neither copy. */
class SeveralGraphQLs extends OperatorError {
  constructor(others: readonly string[]) {
    super(
      `${others.join(' and ')} and @latchkey/nestjs load different copies of the package graphql: run "npm ls graphql", ` +
        'choose one version for all, and run "npm dedupe".',
    );
  }
}

/**
 * Checked before the schema is built.
 * @throws {SeveralGraphQLs}
 */
export function requireOneGraphQL(): void {
  const cause = new Error('an error of a resolver');
  const located = new GraphQLError(cause.message, { path: ['field'], originalError: cause });
  const others = [
    ...(GraphQLISODateTime instanceof GraphQLScalarType ? [] : ['@nestjs/graphql']),
    ...(unwrapResolverError(located) === cause ? [] : ['@apollo/server']),
  ];
  if (others.length > 0) throw new SeveralGraphQLs(others);
}
