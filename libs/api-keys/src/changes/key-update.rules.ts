import { type Input, type JsonObject, LIMITS } from '#kernel';
import type { KeyMembers } from './key-changes.js';
import { type RateLimit, readRateLimit } from '../limits/key-limits.rules.js';
import { liesWithin, readCidrs } from '../limits/networks.rules.js';

/** Members as a client sent them: undefined leaves the value as it is, null clears. */
export interface KeyUpdate {
  name?: string | null;
  description?: string | null;
  scopes?: readonly string[] | null;
  expiresAt?: Date | null;
  allowedCidrs?: readonly string[] | null;
  rateLimit?: RateLimit | null;
  metadata?: JsonObject | null;
}

/** The members that were sent, each checked on its own. Later checks compare them with the stored key. */
export function readKeyUpdate(update: Input<KeyUpdate>): KeyMembers {
  const { description, scopes, expiresAt, allowedCidrs, rateLimit, metadata } = update.value;
  const read: KeyMembers = {};
  for (const member of ['name', 'scopes'] as const)
    if (update.value[member] === null) update.at(member).refuse('REQUIRED', 'cannot be cleared.');
  const name = update.given('name')?.text({ max: LIMITS.name });
  if (name !== undefined) read.name = name;
  if (description !== undefined) read.description = update.given('description')?.description() ?? null;
  if (scopes != null) read.scopes = [...scopes];
  if (expiresAt !== undefined) read.expiresAt = expiresAt;
  if (allowedCidrs !== undefined) read.allowedCidrs = readCidrs(update.at('allowedCidrs').as(allowedCidrs ?? []));
  if (rateLimit !== undefined) {
    const rate = rateLimit && readRateLimit(update.at('rateLimit').as(rateLimit));
    read.rateLimit = rate?.limit ?? null;
    read.rateLimitWindowSeconds = rate?.windowSeconds ?? null;
  }
  if (metadata !== undefined) read.metadata = update.given('metadata')?.metadata() ?? {};
  return read;
}

/** True if `after` is later than `before`. Null means never, which is later than any instant. */
export function isLater(after: Date | null, before: Date | null): boolean {
  if (before === null) return false;
  return after === null || after > before;
}

/** True if both are the same instant, or both are null. */
export function isSameInstant(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}

/** The members of a key that say what it opens, from where and for how long. */
export interface Reach {
  scopes: readonly string[];
  expiresAt: Date | null;
  /** Empty: any network. */
  allowedCidrs: readonly string[];
}

/** The members of `after` that let a key do more than `before` does: more scopes, a later end, or further networks. */
export function widerMembers(after: Partial<Reach>, before: Reach): (keyof Reach)[] {
  const { scopes = before.scopes, expiresAt = before.expiresAt, allowedCidrs = before.allowedCidrs } = after;
  const wider: (keyof Reach)[] = [];
  if (scopes.some((scope) => !before.scopes.includes(scope))) wider.push('scopes');
  if (isLater(expiresAt, before.expiresAt)) wider.push('expiresAt');
  if (reachesBeyond(allowedCidrs, before.allowedCidrs)) wider.push('allowedCidrs');
  return wider;
}

/** How often a key may be used. Both null: unlimited. */
interface Rate {
  rateLimit: number | null;
  rateLimitWindowSeconds: number | null;
}

/** True if `after` lets a key do more than `before` does, or lets it be used more often. */
export const isWider = (after: Partial<Reach & Rate>, before: Reach & Rate): boolean =>
  widerMembers(after, before).length > 0 || isFaster(after, before);

/** True if `after` admits more requests within its window, or more in the long run. */
function isFaster(
  { rateLimit: limit, rateLimitWindowSeconds: seconds }: Partial<Rate>,
  { rateLimit: limitBefore, rateLimitWindowSeconds: secondsBefore }: Rate,
): boolean {
  if (limit === undefined || limitBefore === null) return false;
  return limit === null || limit > limitBefore || limit * (secondsBefore ?? 1) > limitBefore * (seconds ?? 1);
}

/** True if `after` admits an address that `before` refuses. An empty list admits every address. */
function reachesBeyond(after: readonly string[], before: readonly string[]): boolean {
  if (before.length === 0) return false;
  return after.length === 0 || namesFurtherNetwork(after, before);
}

/** True if some network of `after` lies outside every network of `before`. With an empty `before`, each network does. */
export function namesFurtherNetwork(after: readonly string[], before: readonly string[]): boolean {
  return after.some((cidr) => !liesWithin(cidr, before));
}
