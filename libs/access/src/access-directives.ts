import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
  isEnumType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { LIMITS } from '#kernel';
import type { AccessLookup } from './operation-walk.js';
import type { Access } from './access.js';

const text = new GraphQLNonNull(GraphQLString);
const list = <T extends GraphQLNonNull<never> | typeof text>(type: T) => new GraphQLNonNull(new GraphQLList(type));
const onFields = { locations: [DirectiveLocation.FIELD_DEFINITION] };

/** The access directives. `roles`, if the schema has it, must be its own enum object: a schema names a type once. */
function accessDirectives(roles: GraphQLEnumType | undefined): GraphQLDirective[] {
  return [
    new GraphQLDirective({
      name: 'requiresScopes',
      description:
        "Every listed scope is needed. Outer list: any of; inner list: all of (the shape of Apollo Federation's directive).",
      args: {
        scopes: {
          type: new GraphQLNonNull(new GraphQLList(list(text))),
          description: 'Names of scopes, such as `devices:read`; `Query.apiScopes` lists them all.',
        },
      },
      ...onFields,
    }),
    new GraphQLDirective({
      name: 'sessionOnly',
      description: "Only a portal user's session may call it; no API key, whatever its scopes.",
      args: roles ? { role: { type: roles, description: 'This role or a higher one. Null: any.' } } : {},
      ...onFields,
    }),
    new GraphQLDirective({ name: 'authenticated', description: 'Any valid credential may call it.', ...onFields }),
    new GraphQLDirective({ name: 'public', description: 'Reachable without a credential.', ...onFields }),
  ];
}

/** The directive that describes `access`, as `{ name: arguments }`. */
function directiveOf(access: Access): Record<string, Record<string, unknown>> {
  switch (access.kind) {
    case 'public':
      return { public: {} };
    case 'authenticated':
      return { authenticated: {} };
    case 'session':
      return { sessionOnly: access.role ? { role: access.role } : {} };
    case 'scopes':
      return { requiresScopes: { scopes: [access.scopes] } };
  }
}

/**
 * One sentence for documentation panels, which show descriptions and no applied directives. For the fields of a type they often
 * show only the first paragraph.
 */
function sentenceOf(access: Access): string {
  switch (access.kind) {
    case 'public':
      return 'Access: public.';
    case 'authenticated':
      return access.keyOnly ? 'Access: any API key.' : 'Access: any valid credential.';
    case 'session':
      return access.role ? `Access: sessions only, role ${access.role} or higher.` : 'Access: sessions only.';
    case 'scopes':
      return `Access: needs ${access.scopes.map((scope) => `\`${scope}\``).join(' and ')}.`;
  }
}

/** Holds for every field of a root type. No class can declare this, since the library makes the root types itself. */
const ROOTS: Record<string, string> = {
  Query:
    'What can be asked for. Each field states who may have it; an operation with one field that its credential may not ' +
    'have is refused whole, before any of it runs. So is one that asks for too much (QUERY_TOO_COMPLEX): ' +
    `${LIMITS.tokens} tokens, ${LIMITS.depth} levels, ${LIMITS.rootFields} root fields, ${LIMITS.aliases} aliases, ` +
    `${LIMITS.directives} directives, ${LIMITS.cost} items of lists, were every page full.`,
  Mutation:
    'What can be changed. Each mutation is done whole or leaves nothing behind, one after another; one that was not ' +
    'done is null, beside an error: BAD_USER_INPUT with all `problems` of the input, each naming its path; NOT_FOUND, for what is ' +
    "another tenant's, too; or CONFLICT with its `reason`.",
  Subscription:
    'What can be followed. Answered as a stream of events (GraphQL over Server-Sent Events, distinct connections): send ' +
    '`Accept: text/event-stream`. Refused like a query, before the stream begins.',
};

/** `schema` with the declaration of each field, as a directive (for printing) and in the description (for people). */
export function withAccessDirectives(schema: GraphQLSchema, accessOf: AccessLookup): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) continue;
    type.description ??= ROOTS[type.name];
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(`${type.name}.${field.name}`);
      if (!access || (access.kind === 'authenticated' && access.isImplied)) continue;
      field.extensions = { ...field.extensions, directives: directiveOf(access) };
      field.description = [field.description, sentenceOf(access)].filter(Boolean).join('\n');
    }
  }
  const roles = schema.getType('UserRole');
  const config = schema.toConfig();
  return new GraphQLSchema({
    ...config,
    directives: [...config.directives, ...accessDirectives(isEnumType(roles) ? roles : undefined)],
  });
}
