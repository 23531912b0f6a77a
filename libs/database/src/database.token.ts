/** The ORM as `portal_app`. Rooms ask for `TenantDatabase`, never for this. */
export const ORM = Symbol('ORM');
/** A boolean: does `url` lead through a transaction pooler? Found once, when the module is made. */
export const IS_POOLED = Symbol('IS_POOLED');
