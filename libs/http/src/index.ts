export { logFault } from './fault-log.js';
export { HttpAdapters } from './http-adapters.js';
export { HttpErrorFilter } from './http-error.filter.js';
export { setHeaders } from './http-exchange.js';
export type { HttpReply, HttpRequest } from './http-exchange.js';
export { RouteConfig } from './route-config.js';
