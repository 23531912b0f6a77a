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
  type ValueNode,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { memoryOf } from '#graphql';
import { LIMITS } from '#kernel';
import { compiledSize } from './compiled-size.js';

/** Compiling costs some hundred executions of a small operation: what does not come often is not worth it. */
const COMPILED_AT = 32;
/** Memory of compiled code, and of each of its fields, as measured: `compiled-operations.spec.ts`. */
const BYTES = { operation: 16 * 1024, field: 4 * 1024 };

/** One execution, of a document that has passed validation. */
export interface Execution {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode | undefined;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
  contextValue: unknown;
}

/**
 * Executes operations by graphql-js, and queries that come often as code compiled for them, at a third of the cost.
 * Mutations are never compiled, nor is what presents no credential: code is not made for everybody.
 */
export class CompiledOperations {
  /**
   * @param compiledAt executions after which an operation is compiled
   * @param mostFields of an operation that is compiled, as `compiledSize` counts them
   */
  constructor(
    private readonly compiledAt = COMPILED_AT,
    private readonly mostFields: number = LIMITS.compiled.fields,
  ) {}

  /** Executions of what is not compiled; a count goes with its document. */
  private readonly executions = new WeakMap<OperationDefinitionNode, number>();
  private readonly compiled = new LRUCache<OperationDefinitionNode, CompiledQuery>({ maxSize: LIMITS.compiled.bytes });

  get compiledCount(): number {
    return this.compiled.size;
  }

  /** Bytes of memory that compiled operations take at most, with their documents. */
  get bytes(): number {
    return this.compiled.calculatedSize;
  }

  /** @param mayCompile is it worth it and wise to compile for whoever sends this? */
  execute(execution: Execution, mayCompile: boolean): ExecutionResult | Promise<ExecutionResult> {
    const { schema, document, operation, operationName, variables, contextValue } = execution;
    const compiled = operation && mayCompile ? this.compiledFor(execution, operation) : undefined;
    if (!compiled || !operation)
      return execute({ schema, document, contextValue, variableValues: variables, operationName });
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 50 });
    if (errors) return { errors };
    const result = compiled.query(undefined, contextValue, variables) as ExecutionResult | Promise<ExecutionResult>;
    return result instanceof Promise ? result.then((settled) => told(settled, document)) : told(result, document);
  }

  private compiledFor(execution: Execution, operation: OperationDefinitionNode): CompiledQuery | undefined {
    if (operation.operation !== 'query') return undefined;
    const known = this.compiled.get(operation);
    if (known) return known;
    const executions = this.executions.get(operation) ?? 0;
    this.executions.set(operation, executions + 1);
    return executions === this.compiledAt ? this.compile(execution, operation) : undefined;
  }

  /** Nothing else runs meanwhile: what would take long is left to graphql-js. */
  private compile(
    { schema, document, operationName }: Execution,
    operation: OperationDefinitionNode,
  ): CompiledQuery | undefined {
    const fields = compiledSize(schema, document, operation);
    if (fields > this.mostFields || !isCompilable(document)) return undefined;
    const compiled = compileQuery(schema, document, operationName ?? undefined, {
      disablingCapturingStackErrors: true,
    });
    if (!isCompiledQuery(compiled)) return undefined;
    this.compiled.set(operation, compiled, { size: memoryOf(document) + BYTES.operation + fields * BYTES.field });
    // Whoever is pushed out has to come often again.
    this.executions.delete(operation);
    return compiled;
  }
}

/**
 * Does compiled code answer as graphql-js does? Not where selections have conditions or variables a default; nor where a
 * variable that is left out stands in an object, has a name that every object has, or `__proto__` is an alias.
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

function holdsVariable(value: ValueNode): boolean {
  return value.kind === Kind.VARIABLE || (value.kind === Kind.LIST && value.values.some(holdsVariable));
}

/** Errors as graphql-js makes them: others know those by their class, and add to them. */
function told(result: ExecutionResult, { loc }: DocumentNode): ExecutionResult {
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
