const DAY_MS = 86_400_000;
/** Days before the end of a key at which it is reported as expiring. */
const REMINDER_DAYS = [30, 7, 1] as const;
export const [FIRST_REMINDER_DAYS] = REMINDER_DAYS;

/** Reported once each for each end of a key. */
export const EXPIRY_NOTICES = ['EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1', 'EXPIRED'] as const;
export type ExpiryNotice = (typeof EXPIRY_NOTICES)[number];

/** The end of a key's life, if nothing changes. */
export interface Term {
  endsAt: Date;
  /** The instant at which the term began. */
  since: Date;
}

/**
 * The notices that are due of a term, in their order. A reminder whose instant lies before the term is never due: a key that is made
 * for an hour is reported only once it has expired.
 */
export function dueNotices({ endsAt, since }: Term, now: Date): { notice: ExpiryNotice; daysBefore: number }[] {
  const all = [
    ...REMINDER_DAYS.map((days) => ({ notice: `EXPIRING_${days}` as const, daysBefore: days })),
    { notice: 'EXPIRED' as const, daysBefore: 0 },
  ];
  return all.filter(({ daysBefore }) => {
    const at = endsAt.getTime() - daysBefore * DAY_MS;
    return at > since.getTime() && at <= now.getTime();
  });
}
