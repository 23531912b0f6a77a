import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';
export type AnswerType = typeof JSON_TYPE | typeof RESPONSE_TYPE;
/** The first type is used where a client has no preference. */
const ANSWERS: AnswerType[] = [JSON_TYPE, RESPONSE_TYPE];

/** `Accept` has few different values in practice, but a client can make up any number of them. */
const KEPT = { texts: 100, length: 200 };
const decided = new LRUCache<string, AnswerType | 'none'>({ max: KEPT.texts });

/**
 * The media type of the answer: the type that `Accept` prefers by `q`. Other parameters of media ranges are ignored.
 * @param accept the `Accept` header
 * @returns undefined where the header allows neither type
 */
export function answerTypeFor(accept: string | undefined): AnswerType | undefined {
  if (!accept) return JSON_TYPE;
  const known = decided.get(accept);
  const type = known ?? preferred(accept) ?? 'none';
  if (!known && accept.length <= KEPT.length) decided.set(accept, type);
  return type === 'none' ? undefined : type;
}

/**
 * Apollo Server finds out that a client accepts no answer type only when the answer is ready. By then a mutation has run and its
 * result is lost. This check runs first.
 * @param accept the `Accept` header
 * @throws {GraphQLError} BAD_REQUEST, 406
 */
export function requireAcceptable(accept: string | undefined): void {
  if (answerTypeFor(accept)) return;
  throw new GraphQLError(`Answers are ${ANSWERS.join(' or ')}, which the Accept header does not allow.`, {
    extensions: { code: 'BAD_REQUEST', http: { status: 406 } },
  });
}

function preferred(accept: string): AnswerType | undefined {
  const ranges = piecesOf(accept, ',').map((range) => {
    const [type = '', ...parameters] = piecesOf(range, ';').map((piece) => piece.trim().toLowerCase());
    return [type, ...parameters.filter((parameter) => /^q\s*=/.test(parameter))].join(';');
  });
  return new Negotiator({ headers: { accept: ranges.join() } }).mediaType(ANSWERS) as AnswerType | undefined;
}

/** The pieces between separators; a separator inside quotes does not count. */
function piecesOf(text: string, separator: ',' | ';'): string[] {
  return text.match(separator === ',' ? /(?:"(?:\\.|[^"\\])*"?|[^,"])+/g : /(?:"(?:\\.|[^"\\])*"?|[^;"])+/g) ?? [];
}
