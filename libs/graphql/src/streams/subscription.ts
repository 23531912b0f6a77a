import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { AppError, forgetLoaded } from '#kernel';
import { boundedErrors } from '../bounded-errors.js';
import { logBug } from '../bug-log.js';
import { formatError } from '../format-error.js';
import { toGraphQLError } from '../graphql-error.js';
import type { GraphQLContext } from '../graphql-context.js';
import type { EventStream } from './event-stream.js';

/** What the resolver of a subscription yields: the root value of one result, and the place to go on from behind it. */
export interface StreamItem<Value = unknown> {
  /** Left out: only the place is passed on. */
  readonly value?: Value;
  readonly id: string | undefined;
}

export interface SubscriptionRequest {
  schema: GraphQLSchema;
  /** A validated document. */
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Record<string, unknown>;
  contextValue: GraphQLContext;
  /** True: no error names parts of the schema that the client has not asked for. */
  hidesSchema: boolean;
}

/** A subscription that has begun: its resolver has been called. */
export class Subscription {
  private constructor(
    private readonly request: SubscriptionRequest,
    private readonly source: AsyncIterator<StreamItem>,
  ) {}

  /** The subscription, or the result that is answered instead of a stream: errors of variables or of the resolver. */
  static async begin(request: SubscriptionRequest): Promise<Subscription | ExecutionResult> {
    const begun = await createSourceEventStream({
      schema: request.schema,
      document: request.document,
      contextValue: request.contextValue,
      variableValues: request.variables,
      operationName: request.operationName,
    });
    if (!(Symbol.asyncIterator in begun)) return begun;
    return new Subscription(request, (begun as AsyncIterable<StreamItem>)[Symbol.asyncIterator]());
  }

  /** Ends the source; what it waits for is given up. */
  async cancel(): Promise<void> {
    await this.source.return?.();
  }

  /**
   * Writes a result for each event until the source or the stream ends.
   * @param isConfirmed asked before each result; false: nothing more may be written
   */
  async run(stream: EventStream, isConfirmed: () => Promise<boolean>): Promise<void> {
    stream.signal.addEventListener('abort', () => void this.cancel(), { once: true });
    if (stream.signal.aborted) return this.cancel();
    try {
      for (let item = await this.source.next(); !item.done; item = await this.source.next()) {
        const { id, value } = item.value;
        const result = value === undefined ? undefined : JSON.stringify(await this.resultOf(value));
        if (!(await isConfirmed())) return;
        if (result !== undefined) await stream.next(result, id);
        else if (id !== undefined) stream.place(id);
      }
      stream.complete('complete');
    } catch (error) {
      stream.complete('failed', this.reasonFor(error));
    }
  }

  /** The last result of a stream that ends because of `reason`. */
  reasonFor(reason: unknown): string {
    return JSON.stringify({ errors: [this.formatted(asGraphQLError(reason))] });
  }

  private async resultOf(value: unknown): Promise<FormattedExecutionResult> {
    const { schema, document, variables, operationName, contextValue } = this.request;
    // Each result is read anew, and what it has read is not kept.
    forgetLoaded(contextValue.req);
    const result = await execute({
      schema,
      document,
      rootValue: value,
      contextValue,
      variableValues: variables,
      operationName,
    });
    forgetLoaded(contextValue.req);
    if (!result.errors) return { data: result.data ?? null };
    const errors = boundedErrors(result.errors.map((error) => this.formatted(error)));
    return { errors, data: result.data ?? null };
  }

  private formatted(error: GraphQLError): ReturnType<typeof formatError> {
    const { hidesSchema, contextValue } = this.request;
    logBug(error, contextValue);
    return formatError(error.toJSON(), error, { hidesSchema });
  }
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (error instanceof AppError) return toGraphQLError(error);
  return new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) });
}
