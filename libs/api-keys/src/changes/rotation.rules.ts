export interface Overlap {
  readonly now: Date;
  readonly overlapSeconds: number;
  /** The longest overlap that the tenant's policy allows. */
  readonly maxOverlapSeconds: number;
  /** Expiry of the key; null: never. */
  readonly expiresAt: Date | null;
}

/** When the old secret stops working: after the overlap, but no later than the policy and the key's own expiry allow. */
export function endOfOverlap({ now, overlapSeconds, maxOverlapSeconds, expiresAt }: Overlap): Date {
  const wanted = now.getTime() + Math.min(overlapSeconds, maxOverlapSeconds) * 1000;
  return new Date(Math.min(wanted, expiresAt?.getTime() ?? wanted));
}

export const earlierOf = (one: Date, other: Date | null): Date => (other && other < one ? other : one);
