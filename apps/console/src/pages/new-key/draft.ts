import type { CreateApiKeyInput, KeyToDuplicateQuery } from '../../generated/graphql.js';
import { linesOf } from '../../shared/lines.js';
import { DAY_MS } from '../../shared/time.js';

/** What stands in the form. Kept as typed, so that nothing is lost on an error. */
export interface Draft {
  name: string;
  ownerId: string;
  scopes: ReadonlySet<string>;
  expiry: Expiry;
  networks: string;
  limit: string;
  windowSeconds: string;
  description: string;
  metadata: string;
  /** Why a member needs the key, for the admin who approves it. */
  reason: string;
}

/** The form as it was typed. Without an expiry of its own it takes one that the policy allows. */
export type Typed = Omit<Draft, 'expiry'> & { expiry: Expiry | undefined };

/** Days from now, a date as an input of the browser has it, or never. */
export type Expiry = { kind: 'days'; days: number } | { kind: 'date'; date: string } | { kind: 'never' };

export const EXPIRY_DAYS = [7, 30, 90, 180, 365];
const DEFAULT_DAYS = 90;

/** The longest of the presets that is not longer than usual, nor than the policy allows. */
export function defaultExpiry(most: number = Infinity): Expiry {
  const days = EXPIRY_DAYS.filter((days) => days <= Math.min(most, DEFAULT_DAYS)).at(-1);
  return { kind: 'days', days: days ?? most };
}

/** The empty form. */
export const emptyForm = (ownerId: string): Typed => ({
  name: '',
  ownerId,
  scopes: new Set(),
  expiry: undefined,
  networks: '',
  limit: '',
  windowSeconds: '60',
  description: '',
  metadata: '',
  reason: '',
});

/** The form filled like a key: its life is as long as that of the key. */
export function formLike(key: NonNullable<KeyToDuplicateQuery['apiKey']>): Typed {
  const life =
    key.expiresAt == null ? undefined : new Date(key.expiresAt).getTime() - new Date(key.createdAt).getTime();
  return {
    name: key.name,
    ownerId: key.owner.id,
    scopes: new Set(key.scopes),
    expiry: life === undefined ? { kind: 'never' } : { kind: 'days', days: Math.max(1, Math.round(life / DAY_MS)) },
    networks: key.allowedCidrs.join('\n'),
    limit: key.rateLimit ? String(key.rateLimit.limit) : '',
    windowSeconds: String(key.rateLimit?.windowSeconds ?? 60),
    description: key.description ?? '',
    metadata: Object.keys(key.metadata).length === 0 ? '' : JSON.stringify(key.metadata, null, 2),
    reason: key.requestReason ?? '',
  };
}

/**
 * The form with what a link asks for in place of its contents: `?name=…&scopes=…&expires=90d&note=…`. A member's form takes the note
 * as the reason of the request, and is for the member alone; an admin's takes the note as the description.
 */
export function readLink(parameters: URLSearchParams, form: Typed, isMember: boolean): Typed {
  const given = (name: string) => parameters.get(name) ?? undefined;
  const scopes = given('scopes');
  const networks = given('networks');
  const note = given('note');
  return {
    name: given('name') ?? form.name,
    ownerId: (isMember ? undefined : given('owner')) ?? form.ownerId,
    scopes: scopes === undefined ? form.scopes : new Set(linesOf(scopes)),
    expiry: readExpiry(given('expires') ?? '') ?? form.expiry,
    networks: networks === undefined ? form.networks : linesOf(networks).join('\n'),
    limit: given('limit') ?? form.limit,
    windowSeconds: given('window') ?? form.windowSeconds,
    description: given('description') ?? (isMember ? undefined : note) ?? form.description,
    metadata: form.metadata,
    reason: (isMember ? note : undefined) ?? form.reason,
  };
}

function readExpiry(text: string): Expiry | undefined {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  if (days !== undefined) return { kind: 'days', days: Number(days) };
  if (text === 'never') return { kind: 'never' };
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { kind: 'date', date: `${text}T00:00` };
  return undefined;
}

/** A link that fills the form with what stands in it now. */
export function linkOf({ name, scopes, expiry, networks, limit, windowSeconds, description, reason }: Draft): string {
  const expires =
    expiry.kind === 'days' ? `${expiry.days}d` : expiry.kind === 'never' ? 'never' : expiry.date.slice(0, 10);
  const members = {
    name,
    scopes: [...scopes].join(','),
    expires,
    networks: linesOf(networks).join(','),
    limit,
    window: limit === '' ? '' : windowSeconds,
    description,
    note: reason,
  };
  const given = Object.entries(members).filter(([, value]) => value !== '');
  return `${window.location.origin}/console/keys/new?${new URLSearchParams(given)}`;
}

export type Unreadable = Partial<Record<'metadata' | 'expiresAt', string>>;

/** The form as the API takes it, or what of it cannot be read. */
export function inputOf(
  draft: Draft,
  now: number,
): { input: CreateApiKeyInput; unreadable?: undefined } | { unreadable: Unreadable } {
  const metadata = readMetadata(draft.metadata);
  const expiresAt = instantOf(draft.expiry, now);
  if (metadata === undefined)
    return { unreadable: { metadata: 'This is no JSON object, such as { "team": "core" }.' } };
  if (expiresAt === undefined) return { unreadable: { expiresAt: 'Choose a date.' } };
  return {
    input: {
      name: draft.name,
      ownerId: draft.ownerId,
      scopes: [...draft.scopes],
      expiresAt,
      allowedCidrs: linesOf(draft.networks),
      rateLimit: draft.limit === '' ? null : { limit: Number(draft.limit), windowSeconds: Number(draft.windowSeconds) },
      description: draft.description.trim() === '' ? null : draft.description,
      metadata,
      ...(draft.reason.trim() !== '' && { reason: draft.reason }),
    },
  };
}

/** Null: never. Undefined: no date. */
export function instantOf(expiry: Expiry, now: number): string | null | undefined {
  if (expiry.kind === 'never') return null;
  if (expiry.kind === 'days') return new Date(now + expiry.days * DAY_MS).toISOString();
  const date = new Date(expiry.date);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function readMetadata(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
