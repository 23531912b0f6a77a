import { AppError } from '#kernel';

/** The source of a verdict on a key: the key's shape alone, memory, or the database. */
export type VerdictSource = 'malformed' | 'remembered' | 'looked_up';

export interface VerificationCount {
  source: VerdictSource;
  /** `accepted`, or the reason or code of the refusal. */
  outcome: string;
  count: number;
}

type Counts = Record<string, number>;

/** Outcomes of key verifications since the start. Counting one only adds one to a number. */
export class VerificationOutcomes {
  /** Exported as 0 from the start: a counter that first appears as 1 shows no increase. */
  private readonly counts: Record<VerdictSource, Counts> = {
    malformed: { INVALID_KEY: 0 },
    remembered: { accepted: 0, INVALID_KEY: 0, REVOKED_KEY: 0 },
    looked_up: { accepted: 0, INVALID_KEY: 0, REVOKED_KEY: 0, SERVICE_UNAVAILABLE: 0 },
  };

  accepted(source: VerdictSource): void {
    add(this.counts[source], 'accepted');
  }

  /** @returns `error`, for the caller to throw */
  refused<Failure>(source: VerdictSource, error: Failure): Failure {
    add(this.counts[source], outcomeOf(error));
    return error;
  }

  get all(): VerificationCount[] {
    return Object.entries(this.counts).flatMap(([source, counts]) =>
      Object.entries(counts).map(([outcome, count]) => ({ source: source as VerdictSource, outcome, count })),
    );
  }
}

function add(counts: Counts, outcome: string): void {
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}

/** A word of the contract, never the text of a message. */
function outcomeOf(error: unknown): string {
  if (!(error instanceof AppError)) return 'INTERNAL_SERVER_ERROR';
  const { reason } = error.details();
  return typeof reason === 'string' ? reason : error.code;
}
