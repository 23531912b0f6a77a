/** The ORM as `portal_app`. Rooms ask for `TenantDatabase`, never for this. */
export const ORM = Symbol('ORM');
