import { expect, test } from 'vitest';
import { commands } from '../src/commands/all.ts';
import { createProgram, everyCommand } from '../src/program.ts';

const program = createProgram('0', [], { run: async () => {} });

test('every command has help with an example, and takes --json', () => {
  for (const command of everyCommand(program)) {
    let help = '';
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    expect(help).toMatch(/Examples?:\n {2}\$ |Start here:\n {2}\$ /);
    if (command.commands.length === 0) expect(help).toContain('--json');
  }
});

test('the examples are commands there are', () => {
  const known = commands.map(({ path }) => path.join(' '));
  for (const { path, examples } of commands) {
    expect(known).toContain(path.join(' '));
    for (const example of examples) expect(example).toContain(`mcp-acp ${path.join(' ')}`);
  }
});
