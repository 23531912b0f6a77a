import { Injectable } from '@nestjs/common';
import { type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { LIMITS } from '#kernel';
import { AccessRegistry } from './access-registry.js';
import { errorOf, type Forbidden, type Unauthenticated } from './access.errors.js';
import { refusalOf } from './access.rules.js';
import { type FieldNeed, type VariableLookup, walkOperation } from './operation-walk.js';
import type { Principal } from './principal.js';

/** What a principal lacks for an operation, field by field. */
export interface FieldRefusal {
  path: readonly string[];
  error: Unauthenticated | Forbidden;
}

/** The remembered walks of one document. */
interface KeptWalks {
  /** Names of the variables that decide a `@skip` or `@include`. */
  conditions: readonly string[];
  /** Walks by operation name and by the values of the conditions. */
  walks: Map<OperationDefinitionNode, Map<string, readonly FieldNeed[]>>;
  /**
   * How many more fields may be remembered. A document may have as many as it has tokens, so the bound on kept documents also
   * bounds the walks. A short document can have many operations or many combinations of conditions, and each of them can cover
   * many fields.
   */
  room: number;
}

/** Characters of a map key that take as much memory as one field. */
const KEY_LENGTH_OF_A_FIELD = 64;
const NONE: readonly FieldRefusal[] = [];

/**
 * Decides, before anything runs, whether a principal may run an operation. The walk depends only on the document and on the
 * variables of `@skip` and `@include`, so the walk is kept as long as the document.
 */
@Injectable()
export class OperationGate {
  private readonly kept = new WeakMap<DocumentNode, KeptWalks>();

  constructor(private readonly registry: AccessRegistry) {}

  /** Every field that `principal` may not have. Empty: the operation may run. A null principal means no credential. */
  refusals(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
    principal: Principal | null,
  ): readonly FieldRefusal[] {
    return this.refusalsIn(this.needs(schema, document, operation, variables), principal);
  }

  /** Every field of these needs that `principal` may not have. */
  refusalsIn(needs: readonly FieldNeed[], principal: Principal | null): readonly FieldRefusal[] {
    let refusals: FieldRefusal[] | undefined;
    for (const { access, coordinate, path } of needs) {
      const refusal = refusalOf(access, principal);
      if (refusal) (refusals ??= []).push({ path, error: errorOf(refusal, coordinate) });
    }
    return refusals ?? NONE;
  }

  /** Every field of the operation that declares access. */
  needs(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): readonly FieldNeed[] {
    const kept = this.keptWalks(document);
    const lookup = lookupIn(operation, variables);
    const key = kept.conditions.map(lookup).join();
    const known = kept.walks.get(operation)?.get(key);
    if (known) return known;
    const accessOf = (coordinate: string) => this.registry.accessOf(coordinate);
    const needs = walkOperation(schema, document, operation, accessOf, lookup);
    keep(kept, operation, key, needs);
    return needs;
  }

  private keptWalks(document: DocumentNode): KeptWalks {
    const known = this.kept.get(document);
    if (known) return known;
    const room = document.tokenCount ?? LIMITS.tokens;
    const kept: KeptWalks = { conditions: conditionVariables(document), walks: new Map(), room };
    this.kept.set(document, kept);
    return kept;
  }
}

function keep(kept: KeptWalks, operation: OperationDefinitionNode, key: string, needs: readonly FieldNeed[]): void {
  // A walk without any field also takes memory, and so does the text of its conditions.
  const size = Math.max(needs.length, 1) + Math.ceil(key.length / KEY_LENGTH_OF_A_FIELD);
  if (size > kept.room) return;
  kept.room -= size;
  const walks = kept.walks.get(operation) ?? new Map<string, readonly FieldNeed[]>();
  kept.walks.set(operation, walks.set(key, needs));
}

function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      for (const { value } of node.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/** The value that execution will see: the sent value, or else the default. A value that is no Boolean counts as unknown. */
function lookupIn(operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): VariableLookup {
  return (name) => {
    const sent = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (sent !== undefined) return typeof sent === 'boolean' ? sent : undefined;
    const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue?.kind === Kind.BOOLEAN ? definition.defaultValue.value : undefined;
  };
}
