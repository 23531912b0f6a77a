import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { principalOf, RequireScopes } from '#access';
import { OperationGate } from '#access/graphql';
import { ApiKeyGuard, RequestAuthenticator } from '#api-keys';
import type { HttpRequest } from '#http';
import { trusted } from '../support/portal.js';
import { TRIVIAL } from './operations.js';
import { CLIENT } from '../support/clients.js';

/** Headers as a client's library sends them, name and value in turn. */
const HEADERS = Object.entries({
  Host: '127.0.0.1:4000',
  Connection: 'keep-alive',
  'Content-Type': 'application/json',
  'Content-Length': '64',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate',
  'User-Agent': 'bench',
}).flat();

class Handlers {
  @RequireScopes('devices:read')
  benchTrivial(): void {}
}

/** Node's own way to hand a request its headers; it has no public name. */
interface Headed {
  _addHeaderLines(headers: string[], count: number): void;
}

/**
 * All that guard and gate do for one request whose verdict is remembered: credential, verifier, principal, gate, guard.
 * @returns a function that measures the microseconds of CPU for each of `count` fresh requests
 */
export function guardInProcess(app: NestFastifyApplication, key: string): (count: number) => Promise<number> {
  const [authenticator, gate] = [RequestAuthenticator, OperationGate].map((type) =>
    app.get(type, { strict: false }),
  ) as [RequestAuthenticator, OperationGate];
  const guard = app.get(ApiKeyGuard, { strict: false });
  const { schema } = app.get(GraphQLSchemaHost, { strict: false });
  const document = parse(TRIVIAL);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) throw new Error('The document holds no operation.');
  const socket = new Socket();
  return async (count) => {
    const requests = Array.from(
      { length: count },
      () => ({ raw: incoming(socket, key), ip: CLIENT }) as unknown as HttpRequest,
    );
    const contexts = requests.map((req) => contextOf(req));
    await trusted(app, 200);
    const before = process.cpuUsage();
    for (const [index, request] of requests.entries()) {
      if (authenticator.authenticate(request) instanceof Promise) throw new Error('The verdict is not remembered.');
      const refusals = gate.refusals(schema, document, operation, {}, principalOf(request) ?? null);
      if (refusals.length > 0 || guard.canActivate(contexts[index] ?? contextOf(request)) !== true)
        throw new Error('A good key is refused.');
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
}

function incoming(socket: Socket, key: string): IncomingMessage {
  const request = new IncomingMessage(socket);
  const headers = [...HEADERS, 'Authorization', `Bearer ${key}`];
  (request as unknown as Headed)._addHeaderLines(headers, headers.length);
  request.url = '/graphql';
  return request;
}

function contextOf(req: object): ExecutionContextHost {
  const context = new ExecutionContextHost([undefined, {}, { req }, {}], Handlers, Handlers.prototype.benchTrivial);
  context.setType('graphql');
  return context;
}
