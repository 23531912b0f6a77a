/** The same operations for every server; the stock one has no devices. */
export const TRIVIAL = '{ benchTrivial }';
export const LIST = '{ benchItems { id name address model serial version status position } }';
export const DEVICES = `{ devices(first: 20) { nodes {
  id hostname ipAddress model serialNumber firmwareVersion status lastSeenAt } } }`;
