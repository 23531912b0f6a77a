import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { ExecutionResult } from 'graphql';
import type { AdmissionAtOnce } from '#api-keys/graphql';
import type { Consistency } from '#database';
import { answerTypeFor } from '#graphql';
import { runConsistently } from './consistent-operations.js';
import type { CompiledOperation, CompiledOperations } from './compiled-operations.js';

export interface FastPathParts {
  operations: CompiledOperations;
  admission: AdmissionAtOnce;
  consistency?: Consistency | undefined;
  /** Called for each operation that the fast path answers. */
  onAnswer(operationName: string | undefined, reply: FastifyReply): void;
}

/** The result of an operation that ran on the fast path and has errors: the usual path answers with it. */
const RESULT = Symbol('result');

/** The result of an operation that has run already; see `fastPath`. */
export function resultOf(request: object): ExecutionResult | undefined {
  return (request as { [RESULT]?: ExecutionResult })[RESULT];
}

/**
 * Answers a compiled query of a remembered credential without Apollo Server's pipeline. Every other request takes the usual path
 * through Apollo Server, and so does a result with errors. No step is taken twice: the usual path finds the steps taken here.
 * @param usual the handler of the usual path
 */
export function fastPath(usual: RouteHandlerMethod, parts: FastPathParts): RouteHandlerMethod {
  return function (request, reply) {
    const answered = answer(parts, request, reply);
    const continued = (isAnswered: boolean): unknown => (isAnswered ? reply : usual.call(this, request, reply));
    return answered instanceof Promise ? answered.then(continued) : continued(answered);
  };
}

/** @returns false where the usual path has to answer */
function answer(parts: FastPathParts, request: FastifyRequest, reply: FastifyReply): boolean | Promise<boolean> {
  // The route takes OPTIONS as well, whose body Fastify parses too.
  const asked = request.method === 'POST' ? readOperation(request.body, parts.operations) : undefined;
  const type = asked && answerTypeFor(request.headers.accept);
  if (!asked || !type) return false;
  const { compiled, variables } = asked;
  const send = (result: ExecutionResult): boolean => {
    if (result.errors) {
      (request as { [RESULT]?: ExecutionResult })[RESULT] = result;
      return false;
    }
    parts.onAnswer(compiled.operation.name?.value, reply);
    void reply.header('content-type', `${type}; charset=utf-8`).send(`${JSON.stringify({ data: result.data })}\n`);
    return true;
  };
  const run = (isAdmitted: boolean): boolean | Promise<boolean> => {
    if (!isAdmitted) return false;
    const context = { req: request, reply };
    const execute = () => parts.operations.run(compiled, variables, context);
    const result = parts.consistency ? runConsistently(parts.consistency, true, context, execute) : execute();
    return result instanceof Promise ? result.then(send) : send(result);
  };
  const isAdmitted = parts.admission.admit(request, reply, compiled, variables);
  return isAdmitted instanceof Promise ? isAdmitted.then(run) : run(isAdmitted);
}

interface AskedOperation {
  compiled: CompiledOperation;
  variables: Record<string, unknown>;
}

/** The compiled operation that a body asks for, if it asks in the ordinary form. */
function readOperation(body: unknown, operations: CompiledOperations): AskedOperation | undefined {
  if (!isObject(body)) return undefined;
  const { query, variables, operationName, extensions } = body;
  if (typeof query !== 'string' || !isObject(variables ?? {}) || !isObject(extensions ?? {})) return undefined;
  const compiled = operations.compiledOf(query);
  if (!compiled || (extensions && Object.hasOwn(extensions, 'persistedQuery'))) return undefined;
  if (operationName != null && operationName !== compiled.operation.name?.value) return undefined;
  return { compiled, variables: (variables ?? {}) as Record<string, unknown> };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
