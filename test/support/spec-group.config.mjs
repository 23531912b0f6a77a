/**
 * Loads the spec files of a group, in order; `spec-order.ts` gives the reason for groups. Each title begins with its file: Jest
 * names only the loader, and a failure would not show its file.
 */
const { describe, it } = globalThis;
let depth = 0;

for (const spec of globalThis.specs) {
  globalThis.describe = naming(spec, describe);
  globalThis.it = naming(spec, it);
  await import(`../../${spec}`);
}

function naming(spec, original) {
  const titled = (title) => (depth === 0 ? `${spec} › ${title}` : title);
  const within = (define) => (original === describe ? nesting(define) : define);
  return new Proxy(original, {
    apply: (target, _self, [title, define, ...rest]) => target(titled(title), within(define), ...rest),
    get: (target, name) =>
      name === 'each'
        ? (...rows) =>
            (title, define, ...rest) =>
              target.each(...rows)(titled(title), within(define), ...rest)
        : target[name],
  });
}

function nesting(define) {
  return (...row) => {
    depth++;
    try {
      return define(...row);
    } finally {
      depth--;
    }
  };
}
