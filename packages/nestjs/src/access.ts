/** For the modules of an application: what a resolver or a handler declares, and who called it. */
export {
  Authenticated,
  CurrentActor,
  CurrentPrincipal,
  principalOf,
  Public,
  RequireScopes,
  SessionOnly,
} from '#access';
export { isAtLeast, USER_ROLES } from '#access';
export type { Actor, ApiKeyPrincipal, Principal, ScopeSet, TenantPrincipal, UserPrincipal, UserRole } from '#access';
