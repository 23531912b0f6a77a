export default async function endRun() {
  await globalThis.testRun?.stop();
}
