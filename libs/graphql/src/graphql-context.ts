import type { HttpReply, HttpRequest } from '#http';

/** The context that resolvers and plugins get with each request. */
export interface GraphQLContext {
  req: HttpRequest;
  reply: HttpReply;
}
