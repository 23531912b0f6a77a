import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLSchema,
  GraphQLString,
  isEnumType,
  isObjectType,
} from 'graphql';
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
      args: { scopes: { type: new GraphQLNonNull(new GraphQLList(list(text))) } },
      ...onFields,
    }),
    new GraphQLDirective({
      name: 'sessionOnly',
      description: "Only a portal user's session may call it; no API key, whatever its scopes.",
      args: roles ? { role: { type: roles } } : {},
      ...onFields,
    }),
    new GraphQLDirective({ name: 'authenticated', description: 'Any valid credential may call it.', ...onFields }),
    new GraphQLDirective({ name: 'public', description: 'Reachable without a credential.', ...onFields }),
  ];
}

/** The directive that tells of `access`, as `{ name: arguments }`. */
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
 * One sentence for documentation panels, which show descriptions and no applied directives; of a type's fields often
 * the first paragraph alone.
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

/** `schema` with what each field declares, as a directive (for printing) and in its description (for people). */
export function withAccessDirectives(schema: GraphQLSchema, accessOf: AccessLookup): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(`${type.name}.${field.name}`);
      if (!access) continue;
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
