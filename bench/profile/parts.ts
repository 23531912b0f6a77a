import type { Profiler } from 'node:inspector';

/** Shares of a profile's samples, by whose code ran on top; idle time left out. */
export interface Parts {
  samples: number;
  byPart: ReadonlyMap<string, number>;
  /** Functions by their own time, dearest first. */
  functions: readonly { name: string; samples: number }[];
}

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)/;
const ROOM = /\/dist\/(libs\/[^/]+|apps\/[^/]+|bench)/;

/** Groups the self time of a CPU profile by package, and our own code by room. */
export function partsOf(profile: Profiler.Profile): Parts {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const byPart = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let samples = 0;
  for (const id of profile.samples ?? []) {
    const frame = nodes.get(id)?.callFrame;
    if (!frame || frame.functionName === '(idle)') continue;
    samples++;
    const part = partOf(frame);
    byPart.set(part, (byPart.get(part) ?? 0) + 1);
    const name = `${frame.functionName || '(anonymous)'} ${part}:${frame.lineNumber + 1}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + 1);
  }
  return {
    samples,
    byPart: sorted(byPart),
    functions: [...sorted(byFunction)].map(([name, of]) => ({ name, samples: of })),
  };
}

function partOf({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:'))
    return `node:${
      url
        .slice(5)
        .replace(/^internal\//, '')
        .split('/')[0]
    }`;
  return PACKAGE.exec(url)?.[1] ?? ROOM.exec(url)?.[1] ?? url;
}

const sorted = (counts: ReadonlyMap<string, number>) => new Map([...counts].sort(([, a], [, b]) => b - a));
