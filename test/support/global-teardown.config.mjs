import { searchEvidence } from './secret-scan.ts';

/** Stops the server, and fails the run where a secret stands in what it printed or stored. */
export default async function endRun() {
  if (!globalThis.testRun) return;
  const { evidence, stop, remove } = globalThis.testRun;
  await stop();
  const { summary, faults } = await searchEvidence(evidence);
  await remove();
  if (faults.length > 0) throw new Error(`${summary}\n${faults.join('\n')}`);
  process.stderr.write(`${summary}\n`);
}
