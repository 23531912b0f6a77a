import { useEffect, useMemo, useState } from 'react';
import { createPlainClient } from '../api/client.js';
import { failureOf } from '../api/failure.js';
import { documentOf } from '../api/operations.js';
import { MakeNoKeyDocument } from '../generated/graphql.js';
import { session } from '../session/session.js';
import { isAdmin, useViewer } from '../shell/viewer.js';

/**
 * May the viewer make keys? Undefined while this is not known. The API shows the policy to admins only, so a member's browser asks
 * for a key without a name. The API never makes such a key, and its refusal names the policy if members may make no keys.
 */
export function useMayMakeKeys(): boolean | undefined {
  const isMember = !isAdmin(useViewer());
  const client = useMemo(() => createPlainClient(session), []);
  const [mayMember, setMayMember] = useState<boolean>();
  useEffect(() => {
    if (!isMember) return undefined;
    let isGone = false;
    void client.mutation(documentOf(MakeNoKeyDocument), {}).then(({ error }) => {
      if (!isGone) setMayMember(!error || failureOf(error).reason !== 'MEMBER_KEYS_OFF');
    });
    return () => void (isGone = true);
  }, [client, isMember]);
  return isMember ? mayMember : true;
}

/** Says to a member that the policy lets members make no keys. */
export function MemberKeysOff() {
  return (
    <p className="notice" role="status">
      The policy of this tenant does not let members make keys of their own: ask an admin for one. Keys that you own
      already stay yours; you can narrow, rotate, suspend and revoke them.
    </p>
  );
}
