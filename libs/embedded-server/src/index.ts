export { runningServerUrl, startEmbeddedServer } from './embedded-server.js';
export type { EmbeddedServer } from './embedded-server.js';
