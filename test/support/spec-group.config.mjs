/** Loads the spec files of a group, in order; `test/jest.config.mjs` makes the groups and tells why. */
for (const spec of globalThis.specs) await import(spec);
