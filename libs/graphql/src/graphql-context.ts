import type { FastifyReply, FastifyRequest } from 'fastify';

/** What resolvers and plugins are handed with each request. */
export interface GraphQLContext {
  req: FastifyRequest;
  reply: FastifyReply;
}
