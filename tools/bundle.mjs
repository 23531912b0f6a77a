/**
 * Joins the modules of the portal and of its packages into few files. Node.js takes half of a start to find, read and
 * link two thousand modules.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './sources.mjs';

/** What packages load if it is installed, and the portal does not use. */
const OPTIONAL = [
  /^@apollo\/(gateway|subgraph)$/,
  /^@as-integrations\/express5$/,
  /^@fastify\/(multipart|static|view)$/,
  /^@nestjs\/(microservices|platform-express|websockets)(\/|$)/,
  /^(class-transformer|class-validator|file-type|pg-native|ts-morph)(\/|$)/,
];
/** A module is in the first group that it matches. Modules of ours are grouped by the commands that load them. */
const GROUPS = [
  // For help and for wrong usage.
  { name: 'start', test: /\/node_modules\//, tags: ['$initial'] },
  // For bad settings.
  { name: 'settings', test: /\/node_modules\/(ipaddr\.js|zod)\// },
  { name: 'packages', test: /\/node_modules\/(?!@opentelemetry\/(?!api\/))/ },
  { name: 'tracing', test: /\/node_modules\// },
];

/**
 * @param folder holds the compiled sources
 * @param entry the source that a process starts with
 * @param place where in `folder` the bundle goes
 */
export async function bundle(folder, entry, place) {
  const to = join(folder, place);
  const modules = await rolldown({
    cwd: ROOT,
    input: join(ROOT, entry),
    platform: 'node',
    external: OPTIONAL,
    // All that Node.js would run, in its order.
    treeshake: false,
    resolve: { conditionNames: ['source'], extensionAlias: { '.js': ['.ts', '.js'] } },
    plugins: [compiled(folder, to)],
    logLevel: 'warn',
  });
  const { output } = await modules.generate({
    dir: to,
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: { groups: GROUPS },
    // Nest, MikroORM and GraphQL use the names of classes, and classes of two modules may have the same name.
    keepNames: true,
    comments: { legal: true, annotation: false, jsdoc: false },
    sourcemap: 'hidden',
    sourcemapExcludeSources: true,
  });
  await modules.close();
  mkdirSync(to, { recursive: true });
  for (const chunk of output.filter(({ type }) => type === 'chunk')) write(chunk, to);
}

/** Node.js reads the map of a file when it loads the file: only files with modules of ours have maps. */
function write({ fileName, code, map, moduleIds }, to) {
  const file = join(to, fileName);
  if (!moduleIds.some(isOwn)) return writeFileSync(file, inAscii(code));
  writeFileSync(file, `${code}\n//# sourceMappingURL=${fileName}.map\n`);
  writeFileSync(`${file}.map`, map.toString());
}

/**
 * Node.js keeps the text of a file in memory: at one byte a character where all are ASCII, else at two. The escapes mean the same in
 * a string, in a template and in a regular expression.
 */
function inAscii(code) {
  const behindBackslash = /\\[^\0-\x7f]/.exec(code);
  if (behindBackslash) throw new Error(`A package escapes a character that is not ASCII: ${behindBackslash[0]}`);
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const isOwn = (id) => id.endsWith('.ts');

/** Takes modules of ours as they are compiled. Each still reads the files that lie beside it. */
function compiled(folder, to) {
  const load = (id) => {
    const file = join(folder, relative(ROOT, id)).replace(/ts$/, 'js');
    const beside = `(import.meta.dirname + '/${relative(to, dirname(file))}')`;
    const code = readFileSync(file, 'utf8').replaceAll('import.meta.dirname', beside);
    const map = { ...JSON.parse(readFileSync(`${file}.map`, 'utf8')), sources: [id] };
    return { code, map, moduleType: 'js' };
  };
  return { name: 'compiled', load: { filter: { id: /\.ts$/ }, handler: load } };
}
