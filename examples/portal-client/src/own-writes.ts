const HEADER = 'x-consistency-token';
/** Time after which every answer shows a write anyway. */
const USEFUL_MS = 2_000;
/** The portal reads no more tokens in one header. */
const MOST_TOKENS = 16;

/** The writes of a client that its next answers have to show, whichever server of the database reads them. */
export class OwnWrites {
  private tokens: { token: string; until: number }[] = [];

  /** @param headers of an answer: those to a mutation name the place of its write, if the portal reads on replicas */
  note(headers: Headers): void {
    const token = headers.get(HEADER);
    if (token) this.tokens.push({ token, until: performance.now() + USEFUL_MS });
  }

  /** The header of the next request. */
  get header(): Record<string, string> {
    const now = performance.now();
    this.tokens = this.tokens.filter(({ until }) => until > now).slice(-MOST_TOKENS);
    return this.tokens.length === 0 ? {} : { [HEADER]: this.tokens.map(({ token }) => token).join() };
  }
}
