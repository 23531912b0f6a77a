import {
  type Arbitrary,
  type AsyncCommand,
  boolean,
  commands,
  constantFrom,
  nat,
  option,
  record,
  subarray,
} from 'fast-check';
import type { Policy, Tenant, Terms } from './key-life-model.js';
import { aged, type AnyAction } from './key-life-requests.js';
import { type Choice, Circumstance, type Life, Operation, type Step } from './key-life-steps.js';
import type { KeyLifeSystem, InstanceNumber } from './key-life-system.js';
import { HOUR_MS } from './durations.js';

export const NO_POLICY: Policy = {
  requireExpiry: false,
  maxLifetimeDays: null,
  allowedScopes: null,
  maxKeysPerOwner: null,
  maxRotationOverlapSeconds: 604_800,
  memberKeys: 'APPROVAL',
};

const choice: Arbitrary<Choice> = record({ place: constantFrom<InstanceNumber>(0, 1), spread: nat(65_535) });
const which = nat(100);
const scopes = subarray(['devices:read', 'devices:write', 'alerts:read'], { minLength: 1 });
/** Half a minute is too soon for an expiry. */
const expiresInHours = constantFrom(null, 1 / 120, 2, 20, 50);
const by = constantFrom('newest', 'newest', 'previous', 'first');
const overlapSeconds = constantFrom(0, 2 * 3_600, 86_400, 10 * 86_400);
const policy: Arbitrary<Policy> = record({
  requireExpiry: constantFrom(false, false, false, true),
  maxLifetimeDays: constantFrom(null, null, 1, 3),
  allowedScopes: constantFrom(null, null, null, ['devices:read', 'alerts:read']),
  maxKeysPerOwner: constantFrom(null, 1, 2),
  maxRotationOverlapSeconds: constantFrom(604_800, 3_600),
  memberKeys: constantFrom('APPROVAL' as const),
});

const at = (index: number, list: readonly unknown[]) => index % Math.max(1, list.length);
const termsAt = (now: number, given: { scopes?: string[]; hours?: number | null }): Partial<Terms> => ({
  ...(given.scopes ? { scopes: given.scopes } : {}),
  ...(given.hours === undefined ? {} : { expiresAt: given.hours === null ? null : now + given.hours * HOUR_MS }),
});

/** An operation on some key. */
function onKey<Members extends object>(
  kind: string,
  members: Arbitrary<Members>,
  actionOf: (members: Members, key: number, tenant: Tenant, now: number) => AnyAction,
): Arbitrary<Operation> {
  return record({ choice, which, members }).map(
    ({ choice, which, members }) =>
      new Operation(`${kind} ${which} ${JSON.stringify(members)}`, choice, (tenant, now) =>
        actionOf(members, at(which, tenant.keys), tenant, now),
      ),
  );
}

const made = (kind: 'create' | 'request') =>
  onKey(kind, record({ scopes, hours: expiresInHours, owner: which }), (members, _, tenant, now) => ({
    kind,
    owner: at(members.owner, tenant.owners),
    scopes: members.scopes,
    expiresAt: members.hours === null ? null : now + members.hours * HOUR_MS,
  }));
const create = made('create');
const request = made('request');
const approve = onKey('approve', record({ versionsBehind: constantFrom(0, 0, 1) }), (members, key) => ({
  kind: 'approve',
  key,
  ...members,
}));
const update = onKey(
  'update',
  record({
    terms: record({ scopes, hours: expiresInHours }, { requiredKeys: [] }),
    versionBehind: option(constantFrom(0, 1)),
  }),
  ({ terms, versionBehind }, key, tenant, now) => ({
    kind: 'update',
    key,
    ...termsAt(now, terms),
    ...(versionBehind === null ? {} : { expectedVersion: (tenant.keys[key]?.version ?? 0) - versionBehind }),
  }),
);
const rotate = onKey(
  'rotate',
  record({ overlapSeconds, by: constantFrom('session', 'newest', 'previous', 'previous', 'first') }),
  (members, key) => ({ kind: 'rotate', key, ...members }),
);
const complete = onKey('complete', record({ force: boolean() }), ({ force }, key) => ({
  kind: 'complete',
  key,
  force,
}));
const simple = (kind: 'suspend' | 'resume' | 'revoke' | 'reject') =>
  onKey(kind, record({}), (_, key) => ({ kind, key }));
const own = (kind: 'revokeOwn' | 'use') => onKey(kind, record({ by }), (members, key) => ({ kind, key, ...members }));
const transfer = onKey('transfer', record({ owner: which }), ({ owner }, key, { owners }) => ({
  kind: 'transfer',
  key,
  owner: at(owner, owners),
}));

const time = record({ choice, hours: constantFrom(1, 1, 3, 25, 80) }).map(
  ({ choice, hours }) =>
    new Circumstance(`time ${hours} h`, choice, async (system, tenant) => {
      await system.age(hours * HOUR_MS);
      return aged(tenant, hours * HOUR_MS);
    }),
);
const setPolicy = record({
  choice,
  policy: constantFrom(NO_POLICY, NO_POLICY),
  rules: policy,
  isLifted: constantFrom(true, true, false),
}).map(({ choice, rules, isLifted }) => {
  const wanted = isLifted ? NO_POLICY : rules;
  return new Circumstance(`policy ${JSON.stringify(wanted)}`, choice, async (system, tenant, place) => {
    await system.setPolicy(place, wanted);
    return { ...tenant, policy: wanted };
  });
});
const owner = record({ choice, which, isActive: constantFrom(true, true, true, false) }).map(
  ({ choice, which, isActive }) =>
    new Circumstance(`owner ${which} ${isActive ? 'returns' : 'leaves'}`, choice, async (system, tenant) => {
      const place = at(which, tenant.owners);
      await system.setOwnerActive(tenant.owners[place]?.id ?? '', isActive);
      return { ...tenant, owners: tenant.owners.map((one, index) => (index === place ? { ...one, isActive } : one)) };
    }),
);
const suspension = record({ choice, isSuspended: constantFrom(true, false, false, false) }).map(
  ({ choice, isSuspended }) =>
    new Circumstance(`tenant ${isSuspended ? 'suspended' : 'resumed'}`, choice, async (system, tenant) => {
      await system.setSuspended(isSuspended);
      return { ...tenant, isSuspended };
    }),
);

/** Lives of up to `maxCommands` steps, rotation and its retries the most frequent. */
export function keyLives(maxCommands: number): Arbitrary<Iterable<AsyncCommand<Life, KeyLifeSystem>>> {
  const often = [update, own('use'), own('use'), rotate, rotate, rotate, create, request, approve];
  const seldom = [complete, transfer, time, setPolicy, owner, suspension, simple('resume')];
  const rarely = [simple('suspend'), simple('revoke'), simple('reject'), own('revokeOwn')];
  const steps: Arbitrary<Step>[] = [...often, ...often, ...often, ...often, ...seldom, ...seldom, time, ...rarely];
  return commands<Life, KeyLifeSystem, false>(steps, {
    maxCommands,
    size: 'max',
  });
}
