export interface Overlap {
  readonly now: Date;
  readonly overlapSeconds: number;
  /** What the tenant's policy allows. */
  readonly maxOverlapSeconds: number;
  /** Of the key; null: never. */
  readonly expiresAt: Date | null;
}

/** When the old secret stops: after the overlap, cut to what the policy allows and to the key's own expiry. */
export function endOfOverlap({ now, overlapSeconds, maxOverlapSeconds, expiresAt }: Overlap): Date {
  const wanted = now.getTime() + Math.min(overlapSeconds, maxOverlapSeconds) * 1000;
  return new Date(Math.min(wanted, expiresAt?.getTime() ?? wanted));
}

export const earlierOf = (one: Date, other: Date | null): Date => (other && other < one ? other : one);
