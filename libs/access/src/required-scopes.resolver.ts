import { Args, Context, Info, Query, Resolver } from '@nestjs/graphql';
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
    @Context('req') request: object,
    @Info() { schema }: GraphQLResolveInfo,
    @Args('document', {
      description: 'As it would be sent; at most 2,000 tokens, those of all documents of a request together.',
    })
    document: string,
    @Args('operationName', {
      type: () => String,
      nullable: true,
      description: 'Which operation of the document; needed where there are several.',
    })
    operationName?: string | null,
  ): RequiredScopesObject {
    return RequiredScopesObject.from(this.reader.read(request, schema, document, operationName));
  }
}
