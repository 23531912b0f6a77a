/**
 * Plants defects in a copy of this project, one at a time, and runs the test that must notice.
 * `npm run test:mutants [-- pattern of names]`. Exits 1 when one survives, or does not apply any more.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ALL_MUTANTS } from './mutants/all-mutants.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MODULES = resolve(ROOT, 'node_modules');
const RUN_TIMEOUT_MS = 240_000;
const names = new RegExp(process.argv.slice(2).join(' '), 'i');
const chosen = ALL_MUTANTS.filter(({ defect }) => names.test(defect));

const copy = mkdtempSync(join(tmpdir(), 'latchkey-mutants-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

copyProject();
for (const mutant of chosen) mutated(mutant);
console.log(`${chosen.length} defects. First the tests without a defect …`);
const failure = build();
if (failure !== undefined) fail(`The copy does not build:\n${failure}`);
requireGreen(chosen.filter(({ only }) => only === undefined));
requireGreen(chosen.filter(({ only }) => only !== undefined));

const survivors = [];
for (const [index, mutant] of chosen.entries()) {
  const verdict = verdictOn(mutant);
  if (!verdict.startsWith('killed')) survivors.push(mutant.defect);
  console.log(`${String(index + 1).padStart(3)}  ${verdict.padEnd(24)} ${mutant.defect}  (${mutant.spec})`);
}
console.log(`\n${chosen.length - survivors.length} of ${chosen.length} defects were noticed.`);
if (survivors.length > 0) fail(`Not noticed: ${survivors.join('; ')}.`);

/** What is under version control, or would be. */
function copyProject() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
  for (const file of files.split('\0').filter(Boolean))
    cpSync(join(ROOT, file), join(copy, file), { recursive: true, force: true });
  symlinkSync(MODULES, join(copy, 'node_modules'));
  // The console has packages of its own, such as its React.
  symlinkSync(join(ROOT, 'apps/console/node_modules'), join(copy, 'apps/console/node_modules'));
  // As root, the database server runs as another user, who must be able to get in.
  chmodSync(copy, 0o755);
}

/** Runs the tests that must notice these defects. Ends the run where they fail without them. */
function requireGreen(mutants) {
  if (mutants.length === 0) return;
  const titles = mutants.flatMap(({ only }) => only ?? []);
  const specs = [...new Set(mutants.map(({ spec }) => spec))];
  const { passed, failed, broken, hasLeak, output } = run(specs, titles.length > 0 ? titles.join('|') : undefined);
  if (failed > 0 || broken > 0 || passed === 0 || hasLeak) fail(`The tests are not green to begin with:\n${output}`);
}

/** The text of a file with the defect. Ends the run where the place is not found, or is not the only one. */
function mutated({ defect, file, from, to }) {
  const text = readFileSync(join(copy, file), 'utf8');
  const places = text.split(from).length - 1;
  if (places !== 1) fail(`"${defect}" does not apply: ${file} holds its place ${places} times.`);
  return text.replace(from, () => to);
}

function verdictOn(mutant) {
  const file = join(copy, mutant.file);
  const original = readFileSync(file, 'utf8');
  writeFileSync(file, mutated(mutant));
  try {
    // One that cannot be built must not end the run of all others.
    if (build() !== undefined) return 'UNDECIDED: not built';
    const { passed, failed, broken, isLate, hasLeak } = run([mutant.spec], mutant.only);
    if (isLate) return 'UNDECIDED: too slow';
    // A file that does not load, or a title that nobody has, would prove nothing.
    if (broken > 0 && failed === 0) return 'UNDECIDED: not loaded';
    if (failed > 0) return `killed by ${failed} of ${failed + passed}`;
    if (hasLeak) return 'killed by the search';
    return passed > 0 ? 'SURVIVED' : 'UNDECIDED: no test ran';
  } finally {
    writeFileSync(file, original);
  }
}

/** @returns what the build of the copy printed when it failed; undefined when it was built */
function build() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'tools/build.mjs')], { encoding: 'utf8' });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

/** Runs specs in the copy. @returns how many tests passed and failed, and how many files did not load */
function run(specs, only) {
  const results = join(copy, 'results.json');
  rmSync(results, { force: true });
  const options = ['-c', 'test/jest.config.mjs', '--forceExit', '--json', '--outputFile', results];
  const title = only === undefined ? [] : ['-t', only];
  const { error, stdout, stderr } = spawnSync(
    process.execPath,
    [join(MODULES, 'jest/bin/jest.js'), ...options, ...title, '--runTestsByPath', ...specs],
    {
      cwd: copy,
      encoding: 'utf8',
      timeout: RUN_TIMEOUT_MS * specs.length,
      killSignal: 'SIGTERM',
      maxBuffer: 1 << 28,
    },
  );
  const output = `${stdout}${stderr}`;
  if (error) return { passed: 0, failed: 0, broken: 0, isLate: true, hasLeak: false, output };
  const report = JSON.parse(readFileSync(results, 'utf8'));
  const { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: broken } = report;
  // All passed, and yet the run failed: a secret stood in what it printed or stored.
  return { passed, failed, broken, isLate: false, hasLeak: !report.success && failed + broken === 0, output };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
