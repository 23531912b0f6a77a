/**
 * Runs a spec file in the realm of Node.js itself, as production runs: in a realm of Jest's own, each use of a global is a
 * look-up. What a file replaces for its time is put back after it.
 */
export default class NodeEnvironment {
  global = globalThis;
  #console = globalThis.console;
  #exit = process.exit;
  #env = process.env;

  async setup() {
    process.env = { ...this.#env };
    // As in production. Jest asks for 100 frames, at which an error costs four times as much.
    Error.stackTraceLimit = 10;
  }

  async teardown() {
    globalThis.console = this.#console;
    process.exit = this.#exit;
    process.env = this.#env;
  }

  getVmContext() {
    return null;
  }
}
