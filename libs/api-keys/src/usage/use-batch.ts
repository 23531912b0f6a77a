import { LIMITS } from '#kernel';

/** Maximum number of hours of a key. Beyond it the two oldest hours are merged, which happens only after an outage of hours. */
const MAX_HOURS = 6;
const HOUR_MS = 3_600_000;

/** The uses of one key. All instants are milliseconds since 1970, by a clock that only goes forwards. */
interface KeyUse {
  /** The last request that was accepted; undefined where none was. */
  last: { at: number; ip: string | undefined } | undefined;
  /** The last addresses of accepted requests, at most ten, the most recent one last. */
  addresses: AddressUse[];
  /** Oldest first. */
  hours: HourUse[];
  /** Scope → the last time it was needed. */
  scopes: Map<string, number>;
  /** Number of a secret → the last time it was accepted. While two secrets open a key, both are recorded. */
  secrets: Map<number, number>;
  attemptsAfterRevocation: number;
}
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

/**
 * Uses of keys, merged by key and not yet written. Holds at most `maxKeys` keys: one more key drops the keys that have waited
 * longest. This class uses no clock and no database.
 */
export class UseBatch {
  private readonly keys = new Map<string, KeyUse>();

  /** @param onDrop called with the number of uncounted requests that were dropped with a key */
  constructor(
    private readonly maxKeys: number,
    private readonly onDrop: (requests: number) => void,
  ) {}

  /** Number of waiting keys. */
  get size(): number {
    return this.keys.size;
  }

  /** Number of waiting requests. */
  get requests(): number {
    return [...this.keys.values()].reduce((sum, use) => sum + requestsOf(use), 0);
  }

  /** Adds an accepted request that needed `scopes`. */
  allow(id: string, at: number, ip: string | undefined, scopes: readonly string[], secretNumber: number): void {
    const use = this.useOf(id);
    use.last = { at, ip };
    if (ip !== undefined) addAddress(use.addresses, { ip, first: at, last: at });
    use.secrets.set(secretNumber, at);
    hourOf(use, at).allowed++;
    for (const scope of scopes) use.scopes.set(scope, at);
  }

  /** Adds a request that was refused although its key is good. */
  deny(id: string, at: number): void {
    hourOf(this.useOf(id), at).denied++;
  }

  /** Adds a request whose key had been revoked. */
  attemptAfterRevocation(id: string): void {
    this.useOf(id).attemptsAfterRevocation++;
  }

  /** Adds the uses of `other`, which may be older or newer. */
  absorb(other: UseBatch): void {
    for (const [id, theirs] of other.keys) {
      const use = this.useOf(id);
      if (theirs.last && !(use.last && use.last.at >= theirs.last.at)) use.last = theirs.last;
      for (const address of theirs.addresses) addAddress(use.addresses, address);
      for (const hour of theirs.hours) addHour(use.hours, hour);
      for (const [scope, at] of theirs.scopes) use.scopes.set(scope, Math.max(at, use.scopes.get(scope) ?? at));
      for (const [number, at] of theirs.secrets) use.secrets.set(number, Math.max(at, use.secrets.get(number) ?? at));
      use.attemptsAfterRevocation += theirs.attemptsAfterRevocation;
    }
  }

  /** Removes and returns the `count` keys that have waited longest. */
  take(count: number): UseBatch {
    const taken = new UseBatch(this.maxKeys, this.onDrop);
    for (const [id, use] of this.keys) {
      if (taken.size >= count) break;
      taken.keys.set(id, use);
      this.keys.delete(id);
    }
    return taken;
  }

  /** Removes and returns the keys of `ids`. */
  takeKeys(ids: Iterable<string>): UseBatch {
    const taken = new UseBatch(this.maxKeys, this.onDrop);
    for (const id of ids) {
      const use = this.keys.get(id);
      if (use) taken.keys.set(id, use);
      this.keys.delete(id);
    }
    return taken;
  }

  /** The data to write, as of `now`. */
  rows(now: number): KeyUseRow[] {
    // Whole microseconds, as the database keeps them: printing further digits would take most of the time of a large batch.
    const ageOf = (at: number) => Math.max(0, Math.round((now - at) * 1_000)) / 1_000_000;
    return [...this.keys].map(([id, use]) => ({
      id,
      age: use.last ? ageOf(use.last.at) : null,
      ip: use.last?.ip ?? null,
      attempts: use.attemptsAfterRevocation,
      hours: use.hours.map(({ at, allowed, denied }) => ({ age: ageOf(at), allowed, denied })),
      scopes: [...use.scopes].map(([scope, at]) => ({ scope, age: ageOf(at) })),
      secrets: [...use.secrets].map(([number, at]) => ({ number, age: ageOf(at) })),
      addresses: use.addresses.map(({ ip, first, last }) => ({ ip, firstAge: ageOf(first), age: ageOf(last) })),
    }));
  }

  private useOf(id: string): KeyUse {
    const known = this.keys.get(id);
    if (known) return known;
    if (this.keys.size >= this.maxKeys) this.dropOldest();
    const use: KeyUse = {
      last: undefined,
      addresses: [],
      hours: [],
      scopes: new Map(),
      secrets: new Map(),
      attemptsAfterRevocation: 0,
    };
    this.keys.set(id, use);
    return use;
  }

  /** A sixteenth at once: a `Map` whose first entry is deleted again and again becomes slow at finding the next one. */
  private dropOldest(): void {
    this.onDrop(this.take(Math.ceil(this.maxKeys / 16)).requests);
  }
}

function requestsOf({ hours, attemptsAfterRevocation }: KeyUse): number {
  return hours.reduce((sum, { allowed, denied }) => sum + allowed + denied, attemptsAfterRevocation);
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

function hourOf(use: KeyUse, at: number): HourUse {
  const hour = Math.floor(at / HOUR_MS);
  const latest = use.hours.at(-1);
  if (latest?.hour === hour) return latest;
  return addHour(use.hours, { hour, at, allowed: 0, denied: 0 });
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
