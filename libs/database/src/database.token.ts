/** The ORM as `portal_app`. Rooms inject `TenantDatabase`, never this token. */
export const ORM = Symbol('ORM');
/** A boolean: true if `url` leads through a transaction pooler. Determined once, when the module is made. */
export const IS_POOLED = Symbol('IS_POOLED');
