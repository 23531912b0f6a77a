export { ConnectionAttempts } from './connections/connection-attempts.js';
export { InvalidationLink } from './invalidation/invalidation-link.js';
export { LeadingServer } from './leading/leading-server.js';
export { openOrm } from './migrator/orm.js';
export { isPooled } from './connections/pooler.js';
export { ROLES } from './connections/roles.js';
export { withinReading } from './transactions/transaction.js';
export { RecentPositions } from './positions/wal-position.js';
