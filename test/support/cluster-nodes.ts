/** A node of a cluster of Redis or Valkey. */
export interface ClusterNode {
  ask(command: string, ...values: string[]): Promise<unknown>;
}

/** @param nodes all that answer @returns the first key whose name matches */
export async function keyLike(nodes: readonly ClusterNode[], pattern: string): Promise<string | undefined> {
  const found = await Promise.all(nodes.map((node) => node.ask('keys', pattern)));
  return (found as string[][]).flat()[0];
}

/** @param nodes all that answer @returns the master that holds `key` */
export async function masterOf<Node extends ClusterNode>(nodes: readonly Node[], key: string): Promise<Node> {
  const [any] = nodes;
  const slot = Number(await any?.ask('cluster', 'keyslot', key));
  const ranges = (await any?.ask('cluster', 'slots')) as [number, number, [string, number, string]][];
  const range = ranges.find(([first, last]) => first <= slot && slot <= last);
  const ids = await Promise.all(nodes.map((node) => node.ask('cluster', 'myid')));
  const master = nodes[ids.indexOf(range?.[2][2])];
  if (!master) throw new Error(`No node holds ${key}.`);
  return master;
}

/** True if the answers of all nodes contain `text`. */
export async function allSay(
  nodes: readonly ClusterNode[],
  command: readonly [string, string],
  text: string,
): Promise<boolean> {
  const answers = await Promise.all(nodes.map((node) => node.ask(...command)));
  return answers.every((answer) => String(answer).includes(text));
}
