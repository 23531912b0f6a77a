import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = [
  'libs/**/*.ts',
  'apps/*/src/**/*.{ts,tsx}',
  'test/**/*.{ts,mjs,cjs}',
  'tools/**/*.{ts,mjs}',
  'bench/**/*.ts',
];
const GENERATED = '**/{generated,dist,node_modules}/**';

/** The first argument of a test, which is followed by the function of the test. */
const TITLE = /\(\s*(['"`])((?:\\.|(?!\1).)+)\1,\s*(?:async\b|\()/g;
const COMMENT = /^\s*(?:\/\*\*|\/\/|\*)(.*)|\s\/\/ (.*)/;
/** Ids such as `(F29)`, `D59` or `D42, D43`. */
const ID = /^(?:\([A-Z][\w, -]*\)|(?:[A-Z]+\d+,? )+)\s*/;
/** A title that begins like this has no subject: the reader has to find the subject in the `describe` above. */
const WITHOUT_SUBJECT =
  /^(?:and|but|of|that|whose|it|is|are|was|were|has|have|had|does|do|can|cannot|may|never|by|answers \d+|refuses?|says?|takes?|lets?|goes|comes?|stays?|holds?|keeps?|gives?|finds|tells?|accepts?|admits?)\b/;
/** Words with a plainer one: log, publish, return or report; anyone; the number itself. */
const RIDDLES = /\b(?:told|tells|whoever|so many)\b/;

const filesOf = (...patterns: string[]) => globSync(patterns, { cwd: ROOT, exclude: [GENERATED] });
const lines = (file: string) => readFileSync(resolve(ROOT, file), 'utf8').split('\n');
const titlesIn = (text: string) => [...text.matchAll(TITLE)].map(([, , title = '']) => title);
const isRiddle = (title: string) => WITHOUT_SUBJECT.test(title.replace(ID, '')) || RIDDLES.test(title);

describe('sentences', () => {
  it('each title of a test names its subject', () => {
    const specs = filesOf('{libs,apps,test,tools}/**/*.spec.ts');
    expect(specs.length).toBeGreaterThan(180);
    const titles = specs.flatMap((file) => titlesIn(readFileSync(resolve(ROOT, file), 'utf8')));
    expect(titles.length).toBeGreaterThan(900);
    expect(titles.filter(isRiddle)).toEqual([]);
  });

  it('no comment has a word that stands for a plainer one', () => {
    const comments = filesOf(...SOURCES).flatMap((file) =>
      lines(file).flatMap((line) => {
        const [, whole, behind] = COMMENT.exec(line) ?? [];
        return RIDDLES.test(whole ?? behind ?? '') ? [`${file}: ${line.trim()}`] : [];
      }),
    );
    expect(comments).toEqual([]);
  });

  it.each([
    ['stays as it is', true],
    ['(F29) is refused', true],
    ['D42, D43 of another tenant', true],
    ['the log tells why', true],
    ['a revoked key stays unchanged', false],
    ['D59 50 creations make one key', false],
  ])('the title "%s" lacks a subject or a plain word: %p', (title, expected) => {
    expect(titlesIn(`it('${title}', async () => {`).map(isRiddle)).toEqual([expected]);
  });
});
