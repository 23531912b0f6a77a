import type { UserPrincipal } from './principal.js';

/** Turns a portal user's session token into the principal it stands for. An application without sessions has none. */
export interface SessionVerifier {
  /**
   * @param token the text after `Bearer`, in the shape of a JWT: any other text is refused before this call
   * @param namedTenant value of `X-Tenant-Id`, as sent
   * @throws {Unauthenticated} INVALID_SESSION
   * @throws {Forbidden} WRONG_TENANT
   * @throws {ServiceUnavailable} when the issuer's keys or the database are unavailable: never reported as a bad token
   */
  verify(token: string, namedTenant: string | undefined): Promise<UserPrincipal>;
}
