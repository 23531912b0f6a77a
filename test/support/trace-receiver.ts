import { LocalServer } from './local-server.js';

/** A span as OTLP/HTTP carries it, its attributes by name. */
export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  /** 2: of a server. 3: of a client. */
  kind: number;
  /** 2: it failed. */
  status: number | undefined;
  attributes: Record<string, unknown>;
}

type Values = { key: string; value: Record<string, unknown> }[];
interface Export {
  resourceSpans: {
    resource: { attributes: Values };
    scopeSpans: {
      spans: (Omit<ReceivedSpan, 'attributes' | 'status'> & { attributes: Values; status: { code?: number } })[];
    }[];
  }[];
}

/** Receives traces by OTLP/HTTP, as a collector does. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Everything received, byte for byte. */
  text = '';

  private constructor(private readonly server: LocalServer) {}

  static async start(): Promise<TraceReceiver> {
    const server = await LocalServer.start();
    const receiver = new TraceReceiver(server);
    server.answer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isTraces = request.method === 'POST' && request.url === '/v1/traces';
        if (isTraces) receiver.take(Buffer.concat(chunks).toString());
        response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
      });
    });
    return receiver;
  }

  get url(): string {
    return this.server.url;
  }

  /** The spans below `parent`, without `parent`. */
  below(parent: ReceivedSpan): ReceivedSpan[] {
    const children = this.spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
    return children.flatMap((child) => [child, ...this.below(child)]);
  }

  close(): Promise<void> {
    return this.server.stop();
  }

  private take(body: string): void {
    this.text += body;
    const { resourceSpans } = JSON.parse(body) as Export;
    for (const { scopeSpans } of resourceSpans)
      for (const { spans } of scopeSpans)
        for (const { attributes, status, ...span } of spans)
          this.spans.push({ ...span, status: status.code, attributes: byName(attributes) });
  }
}

function byName(attributes: Values): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
