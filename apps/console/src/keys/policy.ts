import { useAnswer } from '../api/operations.js';
import { KeyPolicyDocument, type KeyPolicyQuery } from '../generated/graphql.js';
import { isAdmin, useViewer } from '../shell/viewer.js';

export type Policy = KeyPolicyQuery['apiKeyPolicy'];

/** The rules of the tenant. Undefined until they are known, and for members: the API shows them to admins only. */
export function usePolicy(): Policy | undefined {
  const { data } = useAnswer(KeyPolicyDocument, {}, { isPaused: !isAdmin(useViewer()) });
  return data?.apiKeyPolicy;
}
