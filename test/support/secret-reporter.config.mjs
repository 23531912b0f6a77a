import { searchEvidence } from './secret-scan.ts';

/** Fails the run where a secret stands in what it printed or stored. Comes last: what other reporters print counts. */
export default class SecretReporter {
  #error;

  async onRunComplete() {
    // Unit tests alone start no server, and leave no evidence.
    if (!globalThis.testRun) return;
    const { summary, faults } = await searchEvidence(globalThis.testRun.evidence);
    process.stderr.write(`${[summary, ...faults].join('\n')}\n`);
    if (faults.length > 0) this.#error = new Error(summary);
  }

  getLastError() {
    return this.#error;
  }
}
