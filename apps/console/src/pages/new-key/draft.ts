import type { CreateApiKeyInput } from '../../generated/graphql.js';
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

/** What a link asks for: `?name=…&scopes=…&expires=90d`. */
export function readLink(parameters: URLSearchParams, ownerId: string): Typed {
  const given = (name: string) => parameters.get(name) ?? '';
  return {
    name: given('name'),
    ownerId: given('owner') || ownerId,
    scopes: new Set(
      given('scopes')
        .split(/[\s,]+/)
        .filter(Boolean),
    ),
    expiry: readExpiry(given('expires')),
    networks: given('networks')
      .split(/[\s,]+/)
      .filter(Boolean)
      .join('\n'),
    limit: given('limit'),
    windowSeconds: given('window') || '60',
    description: given('description'),
    metadata: '',
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
export function linkOf({ name, scopes, expiry, networks, limit, windowSeconds, description }: Draft): string {
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

export const linesOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

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
