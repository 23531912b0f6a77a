/** Loads the spec files of a group, in order; `spec-order.ts` says why there are groups. */
for (const spec of globalThis.specs) await import(`../../${spec}`);
