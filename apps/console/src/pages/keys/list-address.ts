import type { ApiKeyFilter, ApiKeyOrder, ApiKeyStatus } from '../../generated/graphql.js';
import { DAY_MS } from '../../shared/time.js';

export const PAGE_SIZE = 20;

/** Instants that the list's questions name; to the minute, so that the same question is the same question. */
export function instants(now: number) {
  const at = (days: number) => new Date(now + days * DAY_MS).toISOString();
  return { now: at(0), dayAgo: at(-1), soon: at(30), longAgo: at(-90) };
}

export type State = 'active' | 'pending' | 'expiring' | 'unused' | 'blocked' | 'expired' | 'revoked';
export const STATES: readonly State[] = ['active', 'pending', 'expiring', 'unused', 'blocked', 'expired', 'revoked'];

const EVERY_STATUS: ApiKeyStatus[] = [
  'ACTIVE',
  'EXPIRED',
  'OWNER_INACTIVE',
  'PENDING',
  'POLICY_BLOCKED',
  'REVOKED',
  'SUSPENDED',
  'TENANT_SUSPENDED',
];

export const ORDERS = {
  newest: { words: 'Newest first', order: { field: 'CREATED_AT', direction: 'DESC' } },
  oldest: { words: 'Oldest first', order: { field: 'CREATED_AT', direction: 'ASC' } },
  name: { words: 'By name', order: { field: 'NAME', direction: 'ASC' } },
  expiry: { words: 'Soonest to expire', order: { field: 'EXPIRES_AT', direction: 'ASC' } },
  used: { words: 'Last used first', order: { field: 'LAST_USED_AT', direction: 'DESC' } },
  idle: { words: 'Longest unused first', order: { field: 'LAST_USED_AT', direction: 'ASC' } },
} satisfies Record<string, { words: string; order: ApiKeyOrder }>;
export type OrderName = keyof typeof ORDERS;

function isOrder(name: string): name is OrderName {
  return Object.hasOwn(ORDERS, name);
}

/** What of the list stands in the address bar. */
export interface ListAddress {
  state: State | 'all' | undefined;
  search: string;
  owner: string | undefined;
  scope: string | undefined;
  order: OrderName;
  after: string | undefined;
  before: string | undefined;
}

export function readAddress(parameters: URLSearchParams): ListAddress {
  const given = (name: string) => parameters.get(name) || undefined;
  const state = given('state');
  const order = given('order') ?? '';
  return {
    state: state === 'all' ? state : STATES.find((known) => known === state),
    search: parameters.get('q') ?? '',
    owner: given('owner'),
    scope: given('scope'),
    order: isOrder(order) ? order : 'newest',
    after: given('after'),
    before: given('before'),
  };
}

/** The address with some members changed. What changes the list begins it anew. */
export function changedAddress(
  parameters: URLSearchParams,
  change: Record<string, string | undefined>,
): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  changed.delete('after');
  changed.delete('before');
  for (const [name, value] of Object.entries(change))
    if (value === undefined || value === '') changed.delete(name);
    else changed.set(name, value);
  return changed;
}

export function filterOf({ state, search, owner, scope }: ListAddress, now: number): ApiKeyFilter {
  const { soon, longAgo } = instants(now);
  const states: Record<State | 'all', ApiKeyFilter> = {
    all: { status: EVERY_STATUS },
    active: { status: ['ACTIVE'] },
    expiring: { status: ['ACTIVE'], expiresBefore: soon },
    unused: { notUsedSince: longAgo },
    pending: { status: ['PENDING'] },
    blocked: { status: ['SUSPENDED', 'POLICY_BLOCKED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED'] },
    expired: { status: ['EXPIRED'] },
    revoked: { status: ['REVOKED'] },
  };
  return {
    ...(state && states[state]),
    ...(search.trim() !== '' && { search: search.trim() }),
    ...(owner && { ownerId: owner }),
    ...(scope && { scope }),
  };
}

/** Is anything left out but keys that are dead? */
export const isFiltered = ({ state, search, owner, scope }: ListAddress): boolean =>
  state !== undefined || search.trim() !== '' || owner !== undefined || scope !== undefined;
