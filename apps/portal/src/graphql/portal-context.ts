import type { FastifyReply } from 'fastify';
import type { GraphQLContext } from '#graphql';

/** The portal runs on Fastify. */
export interface PortalContext extends GraphQLContext {
  reply: FastifyReply;
}
