import { LIMITS } from '#kernel';

/** Maximum number of hours of a key. Beyond it the two oldest hours are merged, which happens only after an outage of hours. */
const MAX_HOURS = 6;
const HOUR_MS = 3_600_000;

interface AddressUse {
  ip: string;
  first: number;
  last: number;
}
interface HourUse {
  /** Hours since 1970 by this process's clock, used only to keep requests of different hours apart. */
  hour: number;
  /** The first request of the hour. Its age gives the hour by the database's clock. */
  at: number;
  allowed: number;
  denied: number;
}

/** The data written for one key. Ages are in seconds: the database turns them into instants of its own clock. */
export interface KeyUseRow {
  id: string;
  age: number | null;
  ip: string | null;
  attempts: number;
  hours: { age: number; allowed: number; denied: number }[];
  scopes: { scope: string; age: number }[];
  secrets: { number: number; age: number }[];
  addresses: { ip: string; firstAge: number; age: number }[];
}

/** The uses of one key. All instants are milliseconds since 1970, by a clock that only goes forwards. */
export class KeyUse {
  attemptsAfterRevocation = 0;
  /** The last request that was accepted; undefined where none was. */
  private last: { at: number; ip: string | undefined } | undefined;
  /** The last addresses of accepted requests, at most ten, the most recent one last. */
  private readonly addresses: AddressUse[] = [];
  /** Oldest first. */
  private readonly hours: HourUse[] = [];
  /** Scope → the last time it was needed. */
  private readonly scopes = new Map<string, number>();
  /** Number of a secret → the last time it was accepted. While two secrets open a key, both are recorded. */
  private readonly secrets = new Map<number, number>();

  /** Number of waiting requests. */
  get requests(): number {
    return this.hours.reduce((sum, { allowed, denied }) => sum + allowed + denied, this.attemptsAfterRevocation);
  }

  /** Adds an accepted request that needed `scopes`. */
  allow(at: number, ip: string | undefined, scopes: readonly string[], secretNumber: number): void {
    this.last = { at, ip };
    if (ip !== undefined) addAddress(this.addresses, { ip, first: at, last: at });
    this.secrets.set(secretNumber, at);
    hourOf(this.hours, at).allowed++;
    for (const scope of scopes) this.scopes.set(scope, at);
  }

  /** Adds a request that was refused although its key is good. */
  deny(at: number): void {
    hourOf(this.hours, at).denied++;
  }

  /** Adds other uses of the same key, which may be older or newer. */
  absorb(theirs: KeyUse): void {
    if (theirs.last && !(this.last && this.last.at >= theirs.last.at)) this.last = theirs.last;
    for (const address of theirs.addresses) addAddress(this.addresses, address);
    for (const hour of theirs.hours) addHour(this.hours, hour);
    for (const [scope, at] of theirs.scopes) this.scopes.set(scope, Math.max(at, this.scopes.get(scope) ?? at));
    for (const [number, at] of theirs.secrets) this.secrets.set(number, Math.max(at, this.secrets.get(number) ?? at));
    this.attemptsAfterRevocation += theirs.attemptsAfterRevocation;
  }

  /** The data to write, as of `now`. */
  row(id: string, now: number): KeyUseRow {
    const ageOf = (at: number) => Math.max(0, now - at) / 1000;
    return {
      id,
      age: this.last ? ageOf(this.last.at) : null,
      ip: this.last?.ip ?? null,
      attempts: this.attemptsAfterRevocation,
      hours: this.hours.map(({ at, allowed, denied }) => ({ age: ageOf(at), allowed, denied })),
      scopes: [...this.scopes].map(([scope, at]) => ({ scope, age: ageOf(at) })),
      secrets: [...this.secrets].map(([number, at]) => ({ number, age: ageOf(at) })),
      addresses: this.addresses.map(({ ip, first, last }) => ({ ip, firstAge: ageOf(first), age: ageOf(last) })),
    };
  }
}

/** Keeps the addresses in the order of their last uses. Most requests of a key come from the address of the one before. */
function addAddress(addresses: AddressUse[], given: AddressUse): void {
  const latest = addresses.at(-1);
  if (latest?.ip === given.ip && latest.last <= given.last) {
    latest.last = given.last;
    latest.first = Math.min(latest.first, given.first);
    return;
  }
  const index = addresses.findIndex(({ ip }) => ip === given.ip);
  const [known = given] = index === -1 ? [] : addresses.splice(index, 1);
  const merged = { ip: given.ip, first: Math.min(known.first, given.first), last: Math.max(known.last, given.last) };
  const place = addresses.findLastIndex(({ last }) => last <= merged.last) + 1;
  addresses.splice(place, 0, merged);
  if (addresses.length > LIMITS.recentIps) addresses.shift();
}

function hourOf(hours: HourUse[], at: number): HourUse {
  const hour = Math.floor(at / HOUR_MS);
  const latest = hours.at(-1);
  if (latest?.hour === hour) return latest;
  return addHour(hours, { hour, at, allowed: 0, denied: 0 });
}

/** Adds the counts of `given` to its hour, and returns the hour that holds them. */
function addHour(hours: HourUse[], given: HourUse): HourUse {
  let entry = hours.find(({ hour }) => hour === given.hour);
  if (!entry) {
    entry = { ...given, allowed: 0, denied: 0 };
    hours.push(entry);
    hours.sort((a, b) => a.at - b.at);
  }
  add(entry, given);
  const [oldest, next] = hours;
  if (hours.length <= MAX_HOURS || !oldest || !next) return entry;
  hours.shift();
  add(next, oldest);
  return entry === oldest ? next : entry;
}

function add(to: HourUse, counts: HourUse): void {
  to.at = Math.min(to.at, counts.at);
  to.allowed += counts.allowed;
  to.denied += counts.denied;
}
