import type { Machine } from './machine.js';

const PEER_PORT = 2380;
/** Each etcd opens two streams to each other one. */
const STREAMS = 2;

/**
 * True if each etcd is reached by each other one. After a partition this takes longer than a leader does: connections wait for the
 * retransmission of what was lost, or are known to one end only. The health of etcd and its metrics do not show that.
 */
export function areLinked(nodes: readonly Machine[]): boolean {
  const known = new Set(nodes.flatMap((node) => node.connections(PEER_PORT)).map(({ from, to }) => `${from} ${to}`));
  const isKnownToBoth = (link: string) => known.has(link.split(' ').toReversed().join(' '));
  const links = [...known];
  const isReached = (node: Machine, other: Machine) => {
    const streams = links.filter(
      (link) => link.startsWith(`${node.address}:`) && link.endsWith(` ${other.address}:${PEER_PORT}`),
    );
    return streams.length >= STREAMS;
  };
  const others = (node: Machine) => nodes.filter((other) => other !== node);
  return links.every(isKnownToBoth) && nodes.every((node) => others(node).every((other) => isReached(node, other)));
}
