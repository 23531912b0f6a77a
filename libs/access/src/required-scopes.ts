import { Injectable } from '@nestjs/common';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { InvalidInput, LIMITS, type Problem } from '#kernel';
import { AccessRegistry } from './access-registry.js';
import { QueryTooComplex } from '#graphql';
import { type FieldCount, type FieldNeed, walkOperation } from './operation-walk.js';

/** Number of reported problems: more of them say nothing new about a broken document. */
const MAX_PROBLEMS = 20;
/** Length of a reported message, which may quote a long document. */
const MAX_MESSAGE_LENGTH = 300;

/** What an operation needs from its caller. */
export interface OperationNeeds {
  /** The smallest set of scopes that lets every field through, sorted. */
  scopes: string[];
  /** Every field that declares access, in document order. */
  fields: readonly FieldNeed[];
  /** False when a field is for sessions only. */
  availableToApiKeys: boolean;
}

/**
 * Reports what an operation needs, by the same walk that enforces it. Nothing runs and nothing is kept: the document will hardly
 * be sent again.
 *
 * Bounded like a document that is run: for all documents of one request together, at most `LIMITS.tokens` are validated and
 * `LIMITS.fields` walked. Selections under `@skip` and `@include` count unless the document itself leaves them out, since
 * variables may have any value.
 */
@Injectable()
export class RequiredScopesReader {
  /** Tokens and fields that each request has asked about so far. */
  private readonly askedBy = new WeakMap<object, FieldCount & { tokens: number }>();

  constructor(private readonly registry: AccessRegistry) {}

  /**
   * @param request the request that asks
   * @param operationName may be left out where the document has one operation
   * @throws {InvalidInput} the document does not parse or validate, has no such operation, or covers too many fields; or all
   *   documents of the request are too large together
   */
  read(request: object, schema: GraphQLSchema, text: string, operationName: string | null | undefined): OperationNeeds {
    const document = parsed(text);
    const asked = this.askedBy.get(request) ?? { tokens: 0, fields: 0 };
    this.askedBy.set(request, asked);
    countTokens(asked, document);
    const errors = validate(schema, document, specifiedRules, { maxErrors: MAX_PROBLEMS, hideSuggestions: true });
    if (errors.length > 0) throw new InvalidInput(errors.map(problemOf));
    const operation = operationIn(document, operationName);
    if (!schema.getRootType(operation.operation))
      throw malformed('document', `This API has no ${operation.operation} operations.`);
    const fields = this.walk(schema, document, operation, asked);
    const scopes = new Set(fields.flatMap(({ access }) => (access.kind === 'scopes' ? access.scopes : [])));
    return {
      scopes: [...scopes].sort(),
      fields,
      availableToApiKeys: fields.every(({ access }) => access.kind !== 'session'),
    };
  }

  private walk(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    asked: FieldCount,
  ): FieldNeed[] {
    try {
      return walkOperation(
        schema,
        document,
        operation,
        (coordinate) => this.registry.accessOf(coordinate),
        () => undefined,
        asked,
      );
    } catch (error) {
      if (!(error instanceof QueryTooComplex)) throw error;
      const message = `The documents of this request have more than ${error.limit} fields together in their answers.`;
      throw new InvalidInput([{ path: ['document'], code: 'TOO_MANY', message }]);
    }
  }
}

/**
 * A request may ask about several documents. Validating all of them may take no longer than validating one document of the
 * largest size.
 */
function countTokens(asked: { tokens: number }, { tokenCount = 0 }: DocumentNode): void {
  if (asked.tokens + tokenCount > LIMITS.tokens)
    throw malformed('document', `The documents of this request have more than ${LIMITS.tokens} tokens together.`);
  asked.tokens += tokenCount;
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: LIMITS.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw new InvalidInput([problemOf(error)]);
    // The parser recurses for each level, and the stack can overflow before the token limit.
    if (error instanceof RangeError) throw malformed('document', 'is nested too deeply to be read.');
    throw error;
  }
}

function operationIn(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const wanted = name == null ? operations : operations.filter((operation) => operation.name?.value === name);
  const [operation] = wanted;
  if (operation && wanted.length === 1) return operation;
  if (name != null) throw malformed('operationName', 'names no operation of the document.');
  throw malformed(
    'operationName',
    operation ? 'must name one of the several operations of the document.' : 'there is no operation in the document.',
  );
}

function malformed(argument: 'document' | 'operationName', message: string): InvalidInput {
  return new InvalidInput([{ path: [argument], code: 'MALFORMED', message }]);
}

/** A finding of the parser or of a rule, with its locations as `line:column`. */
function problemOf({ message, locations }: GraphQLError): Problem {
  const places = (locations ?? []).map(({ line, column }) => `${line}:${column}`).join(', ');
  const shown = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
  return { path: ['document'], code: 'MALFORMED', message: places ? `${places} ${shown}` : shown };
}
