import type { UserPrincipal } from './principal.js';

/** Turns a portal user's session token into the principal it stands for. An application without sessions has none. */
export interface SessionVerifier {
  /**
   * @param token whatever followed `Bearer` and is no API key
   * @param namedTenant value of `X-Tenant-Id`, as sent
   * @throws {Unauthenticated} INVALID_SESSION
   * @throws {Forbidden} WRONG_TENANT
   * @throws {ServiceUnavailable} when the issuer's keys or the database cannot be had: never mistaken for a bad token
   */
  verify(token: string, namedTenant: string | undefined): Promise<UserPrincipal>;
}
