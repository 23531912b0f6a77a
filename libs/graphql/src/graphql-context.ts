import type { FastifyReply, FastifyRequest } from 'fastify';

/** The context that resolvers and plugins get with each request. */
export interface GraphQLContext {
  req: FastifyRequest;
  reply: FastifyReply;
}
