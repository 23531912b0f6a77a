import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { shellName } from '../../tools/task-pages.mjs';
import { Answer } from './answer.js';
import { portal, type Run } from './command-line.js';
import type { Ask, TestPortal } from './test-portal.js';

const BLOCK = /```(graphql|sh)[^\n]*\n(.*?)```/gs;
const COMMAND = /^npm run portal -- (.*)$/s;
const WORD = /"([^"]*)"|(\S+)/g;
const run = promisify(execFile);

/** The operations and commands of a page of `docs/tasks`, run as they are printed, from top to bottom. */
export class TaskPage {
  private readonly blocks: { language: string; text: string }[];

  constructor(name: string) {
    const page = readFileSync(resolve(import.meta.dirname, `../../docs/tasks/${name}.md`), 'utf8');
    this.blocks = [...page.matchAll(BLOCK)].map(([, language = '', text = '']) => ({ language, text }));
  }

  /** Sends the next operation by the command below it, which `npm run check` compares with the operation. */
  async ask(api: TestPortal, { key, session, variables = {} }: Ask): Promise<Answer> {
    this.next('graphql');
    const values = Object.entries(variables).map(([name, value]) => {
      const [first = value] = Array.isArray(value) ? (value as unknown[]) : [];
      return [shellName(name, Array.isArray(value)), String(first)];
    });
    const credentials = { ...(key && { KEY: key }), ...(session && { TOKEN: session }) };
    const environment = { URL: `${api.url}/graphql`, ...credentials, ...Object.fromEntries(values) };
    return new Answer(200, new Headers(), await this.script('.')(environment));
  }

  /**
   * The next commands, to be run in a shell that stops at the first that fails.
   * @returns what they print
   */
  script(cwd: string): (environment: Record<string, string>) => Promise<string> {
    const text = this.next('sh');
    return async (environment) => {
      const env = { PATH: process.env['PATH'], ...environment };
      return (await run('bash', ['-euc', text], { env, cwd })).stdout;
    };
  }

  /** Runs the next command of the portal, `"$NAME"` taken from `environment`. */
  command(environment: Record<string, string>, cwd: string): Promise<Run> {
    const [, words = ''] = COMMAND.exec(this.next('sh').trim()) ?? [];
    const args = [...words.matchAll(WORD)].map(([, quoted, plain]) =>
      (quoted ?? plain ?? '').replace(/\$(\w+)/g, (_, name: string) => environment[name] ?? ''),
    );
    return portal(args, { cwd, environment });
  }

  /** The number of blocks that were not run. */
  get left(): number {
    return this.blocks.length;
  }

  private next(language: string): string {
    const block = this.blocks.shift();
    if (block?.language !== language) throw new Error(`The next block is ${block?.language}, not ${language}.`);
    return block.text;
  }
}
