import type { ApproveApiKeyInput, RequestedKeyFragment } from '../../generated/graphql.js';
import { linesOf } from '../../shared/lines.js';
import { localOf } from '../../shared/time.js';

/** What an admin is about to approve, as it stands in the form. */
export interface Approval {
  scopes: ReadonlySet<string>;
  expires: string;
  networks: string;
}

export const asAsked = (request: RequestedKeyFragment): Approval => ({
  scopes: new Set(request.scopes),
  expires: request.expiresAt == null ? '' : localOf(request.expiresAt),
  networks: request.allowedCidrs.join('\n'),
});

/** What is less than the request. An omitted member is approved as asked. */
export function narrowed(approval: Approval, request: RequestedKeyFragment): Partial<ApproveApiKeyInput> {
  const asked = asAsked(request);
  const scopes = request.scopes.filter((name) => approval.scopes.has(name));
  return {
    ...(scopes.length < request.scopes.length && { scopes }),
    ...(approval.expires !== asked.expires &&
      approval.expires !== '' && { expiresAt: new Date(approval.expires).toISOString() }),
    ...(approval.networks !== asked.networks && { allowedCidrs: linesOf(approval.networks) }),
  };
}
