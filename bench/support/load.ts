import { percentile } from './statistics.js';

/** One measurement of one contestant. */
export interface Sample {
  perSecond: number;
  p50Micros: number;
  p99Micros: number;
  /** Of this process, for each call. */
  cpuMicros: number;
}

export interface LoadShape {
  inFlight: number;
  forMs: number;
  /** Calls between two looks at the clock, for what takes less time than the look. Default 1. */
  block?: number;
}

/** Calls `work` again and again, a fixed number at once, the next call when one has ended. Rejects when a call does. */
export async function drive(work: () => unknown, { inFlight, forMs, block = 1 }: LoadShape): Promise<Sample> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + forMs;
  const cpuBefore = process.cpuUsage();
  const repeat = async () => {
    for (let begunAt = performance.now(); begunAt < endAt;) {
      for (let call = 0; call < block; call++) {
        const result = work();
        // A plain answer is not awaited: that it is none to wait for is what is measured.
        if (result instanceof Promise) await result;
      }
      const now = performance.now();
      latencies.push((now - begunAt) / block);
      begunAt = now;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, repeat));
  const { user, system } = process.cpuUsage(cpuBefore);
  const calls = latencies.length * block;
  return {
    perSecond: (calls / (performance.now() - startedAt)) * 1_000,
    p50Micros: percentile(latencies, 0.5) * 1_000,
    p99Micros: percentile(latencies, 0.99) * 1_000,
    cpuMicros: (user + system) / calls,
  };
}
