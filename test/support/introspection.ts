const FORM = 'application/x-www-form-urlencoded';

/** How a service asks for the introspection of a key. */
export interface IntrospectionAsk {
  /** The credential of the caller; empty: none. */
  by: string;
  /** Default: a form. */
  type?: string;
  /** Query string of the request. */
  query?: string;
}

export interface IntrospectionAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** Sends a body to `POST /keys/verify`. */
export async function introspect(
  api: { url: string },
  body: string | Uint8Array,
  { by, type = FORM, query = '' }: IntrospectionAsk,
): Promise<IntrospectionAnswer> {
  const headers = { 'content-type': type, ...(by === '' ? {} : { authorization: `Bearer ${by}` }) };
  const response = await fetch(`${api.url}/keys/verify${query}`, { method: 'POST', headers, body: Buffer.from(body) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
