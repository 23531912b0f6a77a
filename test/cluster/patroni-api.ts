import type { Machine } from './machine.js';

/** A member as the API lists it. */
interface Member {
  name: string;
  role: string;
  state: string;
  lag?: number | string;
}

const ask = (node: Machine, path: string) =>
  fetch(`http://${node.address}:8008${path}`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);

/** True if Patroni says that the node is the primary. */
export const leads = (node: Machine) => says(node, '/primary');

/** True if Patroni answers a check of health with yes. */
export async function says(node: Machine, check: string): Promise<boolean> {
  const answer = await ask(node, check);
  await answer?.body?.cancel();
  return answer?.status === 200;
}

/** The members of the cluster, as a node knows them. */
export async function membersAt(node: Machine): Promise<Member[]> {
  const answer = await ask(node, '/cluster');
  return answer?.ok ? ((await answer.json()) as { members: Member[] }).members : [];
}
