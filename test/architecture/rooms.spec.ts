import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICruiseResult, IViolation } from 'dependency-cruiser';
import {
  MAY_IMPORT,
  MAY_SEE,
  FOLDERS,
  ROOMS,
  RESOURCES,
  plants,
  question,
  questions,
  folderQuestion,
  folderQuestions,
  cleanFiles,
  writeFixture,
} from './rooms.fixture.js';

const ROOT = join(import.meta.dirname, '../..');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const RULES = join(ROOT, 'test/architecture/rooms.cjs');

function cruise(directory: string): ICruiseResult {
  const { stdout, stderr } = spawnSync(process.execPath, [CRUISER, '--config', RULES, '--output-type', 'json', '.'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (!stdout) throw new Error(`dependency-cruiser gave no result: ${stderr}`);
  return JSON.parse(stdout);
}

const namesOf = (violations: IViolation[]) => [...new Set(violations.map(({ rule }) => rule.name))].toSorted();
const describeViolation = ({ rule, from, to }: IViolation) => `${rule.name}: ${from} → ${to}`;

describe('import rules', () => {
  let directory: string;
  let result: ICruiseResult;
  const violationsOf = (path: string) => result.summary.violations.filter(({ from }) => from === path);

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rooms-'));
    writeFixture(directory);
    result = cruise(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(plants)('the rule $rule stops $path', ({ rule, path }) => {
    expect(violationsOf(path).map((violation) => violation.rule.name)).toEqual([rule]);
  });

  it.each(ROOMS)('the import rules let %s import the rooms of its row and no other', (room) => {
    const others = ROOMS.filter((other) => other !== room);
    const allowed = others.filter((other) => !namesOf(violationsOf(question(room, other))).includes(`room-${room}`));
    expect(allowed.toSorted()).toEqual(MAY_IMPORT[room]?.toSorted());
  });

  it.each(FOLDERS)(
    'the import rules let the folder %s of %s import the folders of its row and no other',
    (folder, room, others) => {
      const allowed = others.filter((other) => namesOf(violationsOf(folderQuestion(room, folder, other))).length === 0);
      expect(allowed.toSorted()).toEqual(MAY_SEE[room]?.[folder]);
    },
  );

  it.each(RESOURCES)('the import rules give the reason why %s may not import api-keys', (room) => {
    expect(namesOf(violationsOf(question(room, 'api-keys')))).toEqual(['resources-never-see-api-keys', `room-${room}`]);
  });

  it('the import rules report nothing about files that break no rule', () => {
    const suspects = [...plants.map(({ path }) => path), ...Object.keys(questions), ...Object.keys(folderQuestions)];
    expect(result.summary.violations.filter(({ from }) => !suspects.includes(from)).map(describeViolation)).toEqual([]);
    expect(result.modules.map(({ source }) => source)).toEqual(expect.arrayContaining(Object.keys(cleanFiles)));
  });

  it('each import rule is seen to stop a planted file', () => {
    const configured = result.summary.ruleSetUsed?.forbidden?.map(({ name }) => name) ?? [];
    expect(configured).not.toHaveLength(0);
    expect(namesOf(result.summary.violations)).toEqual([...new Set(configured)].toSorted());
  });

  it('this project follows the import rules', () => {
    const { violations, totalCruised } = cruise(ROOT).summary;
    expect(totalCruised).toBeGreaterThan(0);
    expect(violations.map(describeViolation)).toEqual([]);
  });
});
