const TOKEN = 'x-consistency-token';
/** After 1.5 s every server shows a change, without its token. */
const KEPT_MS = 2_000;
/** The server reads no more tokens at once. */
const MOST = 16;
let writes: { token: string; until: number }[] = [];

/** Sends the tokens of the last changes, so that an answer shows these changes even where a replica gives the answer. */
export function sendOwnWrites(headers: Headers): void {
  writes = writes.filter(({ until }) => performance.now() < until).slice(-MOST);
  if (writes.length > 0) headers.set(TOKEN, writes.map(({ token }) => token).join(', '));
}

/** Keeps the token of an answer to a change. */
export function noteOwnWrite({ headers }: Response): void {
  const token = headers.get(TOKEN);
  if (token) writes.push({ token, until: performance.now() + KEPT_MS });
}
