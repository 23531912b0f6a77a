type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

const MUTATION = /"query":"\s*mutation\b/;
let mutations = 0;

/**
 * Sends a query again if a mutation was answered in the meantime: the first answer may show the state before the mutation. urql does
 * not do so, since it makes a query that is under way only once.
 */
export function withFreshAnswers(send: Fetch): Fetch {
  return async (input, init) => {
    if (MUTATION.test(String(init?.body))) return send(input, init).finally(() => mutations++);
    for (;;) {
      const before = mutations;
      const response = await send(input, init);
      const body = await response.arrayBuffer();
      if (mutations === before) return new Response(body, response);
    }
  };
}
