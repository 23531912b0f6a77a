import { Logger } from '@nestjs/common';
import {
  BREAK,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type ValueNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { memoryOf } from '#graphql';
import { LIMITS } from '#kernel';
import { compiledSize } from './compiled-size.js';
import { TurnBudget } from './turn-budget.js';

/** Compiling costs as much as some hundred executions of a small operation, so only frequent operations are compiled. */
const COMPILED_AT = 32;
/** Estimated memory of a compiled operation, and of each of its fields. `hostile-memory.spec.ts` bounds the real growth. */
const BYTES = { operation: 16 * 1024, field: 4 * 1024 };

/** A query that was compiled, and the one operation of its document. */
export interface CompiledOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly query: CompiledQuery['query'];
}

/** One execution of a validated document. */
export interface Execution {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode | undefined;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
  contextValue: unknown;
}

/**
 * Executes operations by graphql-js, and frequent queries as code compiled for them, at a third of the cost. Mutations are never
 * compiled, and neither are operations without a credential: anonymous callers must not cause compilation.
 */
export class CompiledOperations {
  /**
   * @param compiledAt executions after which an operation is compiled
   * @param mostFields maximum size of a compiled operation, as `compiledSize` counts it
   */
  constructor(
    private readonly compiledAt = COMPILED_AT,
    private readonly mostFields: number = LIMITS.compiled.fields,
  ) {}

  private readonly logger = new Logger('CompiledOperations');
  private readonly turn = new TurnBudget();
  /** Executions of operations that are not compiled; a count is dropped with its document. */
  private readonly executions = new WeakMap<OperationDefinitionNode, number>();
  private readonly compiled = new LRUCache<OperationDefinitionNode, CompiledOperation>({
    maxSize: LIMITS.compiled.bytes,
    dispose: ({ document }) => this.byText.delete(textOf(document)),
  });
  /** The compiled operations of documents with one operation. */
  private readonly byText = new Map<string, CompiledOperation>();

  get compiledCount(): number {
    return this.compiled.size;
  }

  /** Upper bound on the memory of compiled operations with their documents, in bytes. */
  get bytes(): number {
    return this.compiled.calculatedSize;
  }

  /** @param mayCompile true if compiling for the sender of this operation is allowed and worthwhile */
  execute(execution: Execution, mayCompile: boolean): ExecutionResult | Promise<ExecutionResult> {
    return this.turn.spend(() => {
      const { schema, document, operation, operationName, variables, contextValue } = execution;
      const compiled = operation && mayCompile ? this.compiledFor(execution, operation) : undefined;
      return compiled
        ? runCompiled(compiled, variables, contextValue)
        : execute({ schema, document, contextValue, variableValues: variables, operationName });
    });
  }

  /** The compiled operation of a document, by the text of the document. Undefined also where the document has several operations. */
  compiledOf(text: string): CompiledOperation | undefined {
    const known = this.byText.get(text);
    // Keeps the operation among the recently used ones.
    if (known) this.compiled.get(known.operation);
    return known;
  }

  run(
    compiled: CompiledOperation,
    variables: Record<string, unknown>,
    contextValue: unknown,
  ): ExecutionResult | Promise<ExecutionResult> {
    return this.turn.spend(() => runCompiled(compiled, variables, contextValue));
  }

  private compiledFor(execution: Execution, operation: OperationDefinitionNode): CompiledOperation | undefined {
    if (operation.operation !== 'query') return undefined;
    const known = this.compiled.get(operation);
    if (known) return known;
    const executions = this.executions.get(operation) ?? 0;
    this.executions.set(operation, executions + 1);
    return executions === this.compiledAt ? this.compile(execution, operation) : undefined;
  }

  /** Compiling blocks the process, so operations that take long to compile are left to graphql-js. */
  private compile(
    { schema, document, operationName }: Execution,
    operation: OperationDefinitionNode,
  ): CompiledOperation | undefined {
    const fields = compiledSize(schema, document, operation);
    if (fields > this.mostFields || !isCompilable(document)) return undefined;
    const compiled = compileQuery(schema, withPositions(document), operationName ?? undefined, {
      disablingCapturingStackErrors: true,
    });
    if (!isCompiledQuery(compiled)) {
      this.logger.warn(`A query was not compiled: ${compiled.errors?.map(({ message }) => message).join('; ')}`);
      return undefined;
    }
    const kept = { schema, document, operation, query: compiled.query };
    this.compiled.set(operation, kept, { size: memoryOf(document) + BYTES.operation + fields * BYTES.field });
    const isOnly = document.definitions.every(
      (other) => other === operation || other.kind !== Kind.OPERATION_DEFINITION,
    );
    if (isOnly && this.compiled.has(operation)) this.byText.set(textOf(document), kept);
    // An evicted operation has to become frequent again.
    this.executions.delete(operation);
    return kept;
  }
}

function runCompiled(
  { schema, document, operation, query }: CompiledOperation,
  variables: Record<string, unknown>,
  contextValue: unknown,
): ExecutionResult | Promise<ExecutionResult> {
  const { variableDefinitions } = operation;
  if (variableDefinitions?.length) {
    const { errors } = getVariableValues(schema, variableDefinitions, variables, { maxErrors: 50 });
    if (errors) return { errors };
  }
  const result = query(undefined, contextValue, variables) as ExecutionResult | Promise<ExecutionResult>;
  return result instanceof Promise
    ? result.then((settled) => withGraphQLErrors(settled, document))
    : withGraphQLErrors(result, document);
}

/**
 * True if compiled code answers like graphql-js. Not so where selections have conditions or variables have a default; nor where a
 * variable that is left out stands inside an object or has a name that every object has, or where `__proto__` is an alias.
 */
function isCompilable(document: DocumentNode): boolean {
  if (!document.loc || document.loc.source.body.includes('__proto__')) return false;
  let isFaithful = true;
  const refuse = () => {
    isFaithful = false;
    return BREAK;
  };
  visit(document, {
    Directive: refuse,
    VariableDefinition: ({ variable, defaultValue }) =>
      defaultValue || variable.name.value in {} ? refuse() : undefined,
    ObjectField: ({ value }) => (holdsVariable(value) ? refuse() : undefined),
  });
  return isFaithful;
}

/**
 * The document, parsed anew: graphql-jit reads the line and column of each node's first token, and kept documents have no tokens.
 * Only these two numbers stay of the tokens, because a token leads to all others and to the comments.
 */
function withPositions(document: DocumentNode): DocumentNode {
  return visit(parse(textOf(document)), {
    enter({ loc }) {
      if (!loc) return;
      const { line, column } = loc.startToken;
      Object.assign(loc, { startToken: { line, column }, endToken: undefined });
    },
  });
}

function textOf({ loc }: DocumentNode): string {
  return loc?.source.body ?? '';
}

function holdsVariable(value: ValueNode): boolean {
  return value.kind === Kind.VARIABLE || (value.kind === Kind.LIST && value.values.some(holdsVariable));
}

/** Converts errors to graphql-js's class: other code recognises errors by this class, and adds to them. */
function withGraphQLErrors(result: ExecutionResult, { loc }: DocumentNode): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map(({ message, path, originalError, locations }) => {
    const positions = locations?.map(({ line, column }) => positionOf(loc?.source.body ?? '', line, column));
    return new GraphQLError(message, { source: loc?.source, positions, path, originalError });
  });
  return { ...result, errors };
}

function positionOf(text: string, line: number, column: number): number {
  let start = 0;
  const ends = /\r\n|[\n\r]/g;
  for (let passed = 1; passed < line && ends.exec(text); passed++) start = ends.lastIndex;
  return start + column - 1;
}
