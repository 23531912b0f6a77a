import { Field, ObjectType } from '@nestjs/graphql';
import type { FieldNeed } from './operation-walk.js';
import type { OperationNeeds } from './required-scopes.js';

@ObjectType('FieldAccess', { description: 'A field of an operation that declares who may have it.' })
export class FieldAccessObject {
  @Field({ description: 'Place of the field in the schema, such as `Query.devices`.' })
  coordinate!: string;
  @Field(() => [String], { description: 'Response keys that lead to it, aliases as written, without list indexes.' })
  path!: string[];
  @Field(() => [String], { description: 'A key needs all of these; empty where none is needed.' })
  scopes!: string[];
  @Field({ description: 'True: no API key may have it, whatever its scopes.' })
  sessionOnly!: boolean;
  @Field({ description: 'True: open without a credential.' })
  public!: boolean;

  static from({ coordinate, path, access }: FieldNeed): FieldAccessObject {
    return Object.assign(new FieldAccessObject(), {
      coordinate,
      path: [...path],
      scopes: access.kind === 'scopes' ? [...access.scopes].sort() : [],
      sessionOnly: access.kind === 'session',
      public: access.kind === 'public',
    });
  }
}

@ObjectType('RequiredScopes', { description: 'What an operation needs of its caller.' })
export class RequiredScopesObject {
  @Field(() => [String], {
    description: 'The least set that lets every field of the operation through, sorted.',
  })
  scopes!: string[];
  @Field(() => [FieldAccessObject], {
    description: 'Every field that declares access, in document order. Any other is as open as the way that led to it.',
  })
  fields!: FieldAccessObject[];
  @Field({ description: 'Can an API key run it at all? False when a field is for sessions only.' })
  availableToApiKeys!: boolean;

  static from({ scopes, fields, availableToApiKeys }: OperationNeeds): RequiredScopesObject {
    return Object.assign(new RequiredScopesObject(), {
      scopes,
      fields: fields.map(FieldAccessObject.from),
      availableToApiKeys,
    });
  }
}
