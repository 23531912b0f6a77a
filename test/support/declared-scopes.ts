import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  buildSchema,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const COMMITTED = resolve(import.meta.dirname, '../../schema.graphql');

/**
 * The scopes of a document by the directives of the committed schema, found by graphql's own visitor: a second way to
 * what the gate's walk finds. Conditions on variables are taken to let everything through.
 */
export function declaredScopes(document: DocumentNode): Set<string> {
  const schema = buildSchema(readFileSync(COMMITTED, 'utf8'));
  const found = new Set<string>();
  const collect = (definition: DefinitionNode): void => {
    const types = new TypeInfo(schema);
    const enter = {
      enter(node: { kind: string; name?: { value: string }; directives?: readonly DirectiveNode[] }) {
        if (node.directives?.some(leavesOut)) return false;
        if (node.kind === Kind.FIELD)
          for (const scope of scopesIn(types.getFieldDef()?.astNode?.directives ?? [])) found.add(scope);
        if (node.kind === Kind.FRAGMENT_SPREAD) collect(fragment(document, node.name?.value));
        return undefined;
      },
    };
    visit(definition, visitWithTypeInfo(types, enter));
  };
  document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).forEach(collect);
  return found;
}

function leavesOut({ name, arguments: given }: DirectiveNode): boolean {
  const condition = given?.find((argument) => argument.name.value === 'if')?.value;
  return condition?.kind === Kind.BOOLEAN && condition.value === (name.value === 'skip');
}

function scopesIn(directives: readonly DirectiveNode[]): string[] {
  const scopes: string[] = [];
  for (const directive of directives.filter(({ name }) => name.value === 'requiresScopes'))
    visit(directive, { StringValue: ({ value }) => void scopes.push(value) });
  return scopes;
}

function fragment(document: DocumentNode, name: string | undefined): DefinitionNode {
  const found = document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name);
  if (!found) throw new Error(`The document has no fragment ${name}.`);
  return found;
}
