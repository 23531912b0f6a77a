/** Writes `src/generated/` from `schema.graphql` and the pages' documents; with `--check`, fails where it is not current. */
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { parse } from 'graphql';

const here = (path) => new URL(path, import.meta.url);
const read = (path) => readFile(here(path), 'utf8').catch(() => '');
const OUTPUT = './src/generated/';
/** Of what the preset makes: `gql.ts` is for operations that are written inside of code. */
const FILES = ['graphql.ts'];

const locations = (await Array.fromAsync(glob('src/**/*.graphql', { cwd: here('.') }))).sort();
const documents = await Promise.all(
  locations.map(async (location) => {
    const rawSDL = await read(location);
    return { location, rawSDL, document: parse(rawSDL) };
  }),
);
const files = await preset.buildGeneratesSection({
  baseOutputDir: OUTPUT,
  schema: parse(await read('../../schema.graphql')),
  documents,
  config: {
    documentMode: 'string',
    useTypeImports: true,
    strictScalars: true,
    enumsAsTypes: true,
    scalars: { ID: 'string', DateTime: 'string', JSONObject: 'Record<string, unknown>' },
  },
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
});

const stale = [];
await mkdir(here(OUTPUT), { recursive: true });
for (const file of files.filter(({ filename }) => FILES.some((name) => filename.endsWith(`/${name}`)))) {
  const text = await codegen(file);
  if (text === (await read(file.filename))) continue;
  stale.push(file.filename);
  if (!process.argv.includes('--check')) await writeFile(here(file.filename), text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`${stale.join(', ')}: not what the schema and the documents make; npm run generate -w console`);
  process.exitCode = 1;
}
