export { ConnectionAttempts } from './connection-attempts.js';
export { LeadingServer } from './leading-server.js';
export { openOrm } from './orm.js';
export { isPooled } from './pooler.js';
export { ROLES } from './roles.js';
export { withinReading } from './transaction.js';
export { RecentPositions } from './wal-position.js';
