export { openOrm } from './orm.js';
export { isPooled } from './pooler.js';
export { ROLES } from './roles.js';
