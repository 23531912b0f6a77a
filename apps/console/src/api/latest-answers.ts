type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** Each mutation has an answer of its own, which may hold a secret. */
const IS_MUTATION = /"query":"\s*mutation\b/;

/** The requests with one body that are under way. */
interface Asked {
  begun: number;
  open: number;
  /** The latest of those that are answered. */
  answered: number;
  response: Response | undefined;
}

/**
 * Sends queries so that no answer is older than one that was given before. Two mutations make a page ask twice: without this, the
 * first answer may come last, and the page would show the state before the second mutation.
 */
export function withLatestAnswers(send: Fetch): Fetch {
  const underWay = new Map<string, Asked>();
  return async (input, init) => {
    const { body } = init ?? {};
    if (typeof body !== 'string' || IS_MUTATION.test(body)) return send(input, init);
    const asked = underWay.get(body) ?? { begun: 0, open: 0, answered: 0, response: undefined };
    underWay.set(body, asked);
    const own = ++asked.begun;
    asked.open++;
    try {
      const response = await send(input, init);
      if (own < asked.answered && asked.response) return asked.response.clone();
      asked.answered = own;
      // Kept only while an earlier request may still need it.
      asked.response = asked.open > 1 ? response.clone() : undefined;
      return response;
    } finally {
      if (--asked.open === 0) underWay.delete(body);
    }
  };
}
