import { type CustomDecorator, SetMetadata } from '@nestjs/common';

/** The key of Fastify's own `@RouteConfig`, whose package an application on Express does not have. */
const ROUTE_CONFIG = '__fastify_route_config__';

/** What the parser of bodies of an application on Fastify finds in the options of the route. Has no effect on Express. */
export const RouteConfig = (config: Readonly<Record<string, unknown>>): CustomDecorator =>
  SetMetadata(ROUTE_CONFIG, config);
