import { registerEnumType } from '@nestjs/graphql';

/**
 * A GraphQL enum whose values are their own names.
 * @param values each value with its description
 */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): { readonly [Key in Value]: Key } {
  const entries = Object.entries<string>(values);
  const described = Object.fromEntries(entries.map(([value]) => [value, value])) as { [Key in Value]: Key };
  const valuesMap = Object.fromEntries(entries.map(([value, text]) => [value, { description: text }])) as Record<
    Value,
    { description: string }
  >;
  registerEnumType(described, { name, description, valuesMap });
  return described;
}
