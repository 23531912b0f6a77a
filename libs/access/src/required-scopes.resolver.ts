import { Args, Info, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Authenticated } from './access.decorator.js';
import { RequiredScopesReader } from './required-scopes.js';
import { RequiredScopesObject } from './required-scopes.objects.js';

@Resolver(() => RequiredScopesObject)
export class RequiredScopesResolver {
  constructor(private readonly reader: RequiredScopesReader) {}

  @Query(() => RequiredScopesObject, {
    description:
      'Parses and validates the document, runs nothing, and tells which scopes a key needs for it. ' +
      'The same rules that enforce.',
  })
  @Authenticated({ tenant: 'optional' })
  requiredScopes(
    @Info() { schema }: GraphQLResolveInfo,
    @Args('document', { description: 'As it would be sent; at most 2,000 tokens.' }) document: string,
    @Args('operationName', {
      type: () => String,
      nullable: true,
      description: 'Which operation of the document; needed where there are several.',
    })
    operationName?: string | null,
  ): RequiredScopesObject {
    return RequiredScopesObject.from(this.reader.read(schema, document, operationName));
  }
}
