import type { ServerProcess } from './child.js';
import { driveHttp, type FixedRequest, type HttpSample } from './http-load.js';

export interface ServerSample extends HttpSample {
  /** CPU of the server's process, for each request. */
  cpuMicros: number;
}

/** Sends one request again and again on some connections, and measures what that costs the server. */
export async function sampleServer(
  server: ServerProcess,
  request: FixedRequest,
  shape: { connections: number; forMs: number },
): Promise<ServerSample> {
  const before = await server.cpuMicros();
  const sample = await driveHttp(request, shape);
  return { ...sample, cpuMicros: ((await server.cpuMicros()) - before) / sample.requests };
}
