import type { Command } from 'commander';
import { createProgram } from './program.js';

const leavesOf = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);

it('every command is described, and its help shows an example', () => {
  const leaves = leavesOf(createProgram());
  expect(leaves.length).toBeGreaterThan(10);
  for (const command of leaves) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(command.description()).not.toBe('');
    expect(help).toMatch(/Example: .*npm run .*portal -- /);
  }
});

it('the help of the program and of each command lists the exit codes', () => {
  const program = createProgram();
  for (const command of [program, ...leavesOf(program)]) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toMatch(/^Exit codes: 0 done, 1 failed, 2 wrong usage/m);
  }
});

it('every option of several values says that spaces separate them, where commas join them', () => {
  const options = leavesOf(createProgram()).flatMap((command) => command.options.filter(({ variadic }) => variadic));
  expect(options.length).toBeGreaterThan(5);
  for (const option of options)
    expect(() => option.parseArg?.('ACTIVE,REVOKED', undefined)).toThrow(
      'Separate the values by spaces, not by commas.',
    );
});

it('an option of several values collects them', async () => {
  const [scopes] = leavesOf(createProgram())
    .flatMap((command) => command.options)
    .filter(({ long }) => long === '--scopes');
  const first = scopes?.parseArg?.<string[] | undefined>('devices:read', undefined);
  expect(scopes?.parseArg?.('alerts:read', first)).toEqual(['devices:read', 'alerts:read']);
});
