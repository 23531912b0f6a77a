import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What Jest keeps about one file on the global object: the blocks and tests, and who listens to their ends. */
const OF_ONE_FILE = ['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'];
const ESM = {
  supportsDynamicImport: true,
  supportsExportNamespaceFrom: true,
  supportsStaticESM: true,
  supportsTopLevelAwait: true,
};
const require = createRequire(import.meta.url);
const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {} } });
const sourceMaps = new Map();
let transformer;

/** What spec files import from `@jest/globals`. */
export const jest = {
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  // Node.js itself works by `nextTick`.
  useFakeTimers: (options) => timers.useFakeTimers({ doNotFake: ['nextTick'], ...options }),
  useRealTimers: () => timers.useRealTimers(),
  advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
  setTimeout: (ms) => void (globalThis[Symbol.for('TEST_TIMEOUT_SYMBOL')] = ms),
};

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return next(import.meta.url, context);
    if (!context.parentURL?.endsWith('.ts')) return next(specifier, context);
    const source = specifier.startsWith('.') ? specifier.replace(/\.js$/, '.ts') : specifier;
    return next(source, { ...context, conditions: [...context.conditions, 'source'] });
  },
  load(url, context, next) {
    if (!url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const path = fileURLToPath(url);
    const { code, sourceMapPath } = transformer.transform(path, ESM);
    if (sourceMapPath) sourceMaps.set(url, sourceMapPath).set(path, sourceMapPath);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

/**
 * Takes the place of `jest-runtime`: Node.js itself loads the modules, once in the life of a worker. Jest would load the
 * application and its packages again for each spec file, and wait for each of them.
 */
class NodeRuntime {
  constructor(_config, _environment, _resolver, ownTransformer) {
    transformer = ownTransformer;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(path) {
    return import(pathToFileURL(path).href);
  }

  /** Loads the module of Jest that keeps the tests of one file, afresh. */
  requireInternalModule(path) {
    for (const symbol of Object.getOwnPropertySymbols(globalThis))
      if (OF_ONE_FILE.includes(symbol.description)) delete globalThis[symbol];
    delete require.cache[path];
    return require(path);
  }

  requireModule(path) {
    return require(path);
  }

  getSourceMaps() {
    return sourceMaps;
  }

  getAllCoverageInfoCopy() {}
  setGlobalsForRuntime() {}
  enterTestCode() {}
  leaveTestCode() {}

  teardown() {
    mocker.restoreAllMocks();
    timers.useRealTimers();
  }
}

export { NodeRuntime as 'module.exports' };
