import type { IncomingMessage } from 'node:http';
import type { UserPrincipal } from './principal.js';

/** Turns a portal user's session token into the principal it stands for. An application without sessions has none. */
export interface SessionVerifier {
  /** The shape of a token behind `Bearer`; any other text is refused before `verify`. Left out: that of a JWT. */
  readonly tokenShape?: RegExp;

  /**
   * @param token the text after `Bearer`, in the shape of `tokenShape`, or what `tokenOf` found
   * @param namedTenant value of `X-Tenant-Id`, as sent
   * @throws {Unauthenticated} INVALID_SESSION
   * @throws {Forbidden} WRONG_TENANT
   * @throws {ServiceUnavailable} when the issuer's keys or the database are unavailable: never reported as a bad token
   */
  verify(token: string, namedTenant: string | undefined): Promise<UserPrincipal>;

  /**
   * Finds the session of a request that has no `Authorization` and no `X-API-Key`, for sessions in a cookie. Not called for a
   * request of another site's page (`Sec-Fetch-Site: cross-site`), since a browser sends cookies with it all the same.
   * @returns undefined where the request has no session
   */
  tokenOf?(request: IncomingMessage): string | undefined;
}
