const forbid = require('./forbid.cjs');

/** The folders inside the largest rooms, and those that each may see: a folder knows those before it, never one after it. */
const LAYERS = {
  'api-keys': {
    limits: [],
    audit: ['limits'],
    keys: ['audit', 'limits'],
    policy: ['keys', 'audit', 'limits'],
    changes: ['policy', 'keys', 'audit', 'limits'],
    leaks: ['changes', 'policy', 'keys', 'audit', 'limits'],
    'secret-scanning': ['leaks', 'keys', 'limits'],
    administration: ['changes', 'policy', 'keys', 'audit', 'limits'],
    import: ['changes', 'policy', 'keys', 'audit', 'limits'],
    usage: ['keys', 'audit', 'limits'],
    verification: ['usage', 'keys', 'limits'],
    introspection: ['verification', 'usage', 'keys', 'limits'],
    guard: ['verification', 'usage', 'keys', 'limits'],
  },
  database: {
    connections: [],
    tables: ['connections'],
    leading: ['connections'],
    positions: ['leading'],
    transactions: ['positions', 'leading', 'tables', 'connections'],
    lists: ['transactions'],
    verification: ['transactions', 'positions', 'leading', 'tables', 'connections'],
    invalidation: ['verification', 'leading', 'connections'],
    replicas: ['transactions', 'positions', 'leading', 'connections'],
    migrator: ['tables', 'connections'],
    health: ['migrator', 'replicas', 'invalidation', 'verification', 'transactions', 'leading', 'connections'],
  },
};
/** Files beside the folders that every folder may see. */
const BESIDE = { 'api-keys': 'api-keys\\.options|words', database: 'database\\.(options|token)|own-schema' };

const rows = Object.entries(LAYERS).flatMap(([room, folders]) =>
  Object.entries(folders).map(([layer, allowed]) =>
    forbid(
      `layer-${room}-${layer}`,
      `libs/${room}/src/${layer} may see: ${allowed.join(', ') || 'no other folder'}.`,
      { path: `^libs/${room}/src/${layer}/` },
      {
        path: `^libs/${room}/`,
        pathNot: `^libs/${room}/src/((${[layer, ...allowed].join('|')})/|(${BESIDE[room]})\\.ts$)`,
      },
    ),
  ),
);
const layered = Object.entries(LAYERS).map(
  ([room, folders]) => `^libs/${room}/src/(?!(${Object.keys(folders).join('|')}|migrations)/)[^/]+/`,
);

/** What the folders inside the largest rooms may import. */
module.exports = [
  ...rows,
  forbid(
    'every-folder-of-a-layered-room-has-a-row',
    'A folder without a row in LAYERS would be bound by no rule: add it there.',
    { path: layered },
    {},
  ),
];
