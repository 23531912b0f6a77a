export { Tenant } from './tenant.entity.js';
export { User } from './user.entity.js';
