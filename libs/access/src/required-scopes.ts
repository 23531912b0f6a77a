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

/** After this many the rest of a broken document tells nothing new. */
const MAX_PROBLEMS = 20;
/** A message may quote the document, which may be long. */
const MAX_MESSAGE_LENGTH = 300;

/** What an operation needs of whoever runs it. */
export interface OperationNeeds {
  /** The least set that lets every field through, sorted. */
  scopes: string[];
  /** Every field that declares access, in document order. */
  fields: readonly FieldNeed[];
  /** False when a field is for sessions only. */
  availableToApiKeys: boolean;
}

/**
 * Tells what an operation needs by the walk that enforces it. Nothing runs and nothing is kept: a document that is
 * asked about is not one that will be sent again.
 *
 * Bounded: of all documents of one request at most `LIMITS.tokens` are validated and `LIMITS.fields` walked, as of a
 * document that is sent. Selections under `@skip` and `@include` count unless the document itself leaves them out, since
 * variables may be anything.
 */
@Injectable()
export class RequiredScopesReader {
  /** How much each request has asked about. */
  private readonly askedBy = new WeakMap<object, FieldCount & { tokens: number }>();

  constructor(private readonly registry: AccessRegistry) {}

  /**
   * @param request the one that asks
   * @param operationName which operation; may be left out where there is one
   * @throws {InvalidInput} the document does not parse or validate, has no such operation, or takes in too many fields;
   *   or the documents of the request are too large together
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

/** A request may ask about several documents: to validate them may take no longer than to validate its own. */
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
    // The parser calls itself for each level, and the stack ends before the tokens do.
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

/** What the parser or a rule found, with its places as `line:column`. */
function problemOf({ message, locations }: GraphQLError): Problem {
  const places = (locations ?? []).map(({ line, column }) => `${line}:${column}`).join(', ');
  const told = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
  return { path: ['document'], code: 'MALFORMED', message: places ? `${places} ${told}` : told };
}
