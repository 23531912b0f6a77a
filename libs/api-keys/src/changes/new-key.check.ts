import type { Session } from '#database';
import type { Input } from '#kernel';
import { checkPolicy, type KeyPolicy, type KeyTerms } from '../policy/key-policy.rules.js';
import { countKeysOfOwner } from '../policy/key-policy.reader.js';

export interface NewKeyTerms extends Required<KeyTerms> {
  /** Undefined where the choice of the owner is itself a problem. */
  readonly ownerId: string | undefined;
  /** The present time by the database's clock. */
  readonly createdAt: Date;
}

/**
 * Checks a new key against the whole of its tenant's policy. Where the policy limits keys per owner, creations for one owner wait
 * for each other from here to their end.
 * @param policy as `policyForChange` returns it
 */
export async function checkNewKey(session: Session, policy: KeyPolicy, key: Input<NewKeyTerms>): Promise<void> {
  const { ownerId, createdAt } = key.value;
  checkPolicy(key, policy, createdAt);
  const { maxKeysPerOwner } = policy;
  if (maxKeysPerOwner === null || ownerId === undefined) return;
  if ((await countKeysOfOwner(session, ownerId)) >= maxKeysPerOwner)
    key
      .at('ownerId')
      .refuse('POLICY_VIOLATION', `has ${maxKeysPerOwner} keys already, as many as the tenant's policy allows.`, {
        rule: 'maxKeysPerOwner',
      });
}
