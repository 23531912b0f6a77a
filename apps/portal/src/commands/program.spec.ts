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
