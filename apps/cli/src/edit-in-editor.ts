import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { askYes } from './ask.ts';
import type { Cli } from './cli.ts';

export interface EditTask {
  /** Name of the copy, so that the editor knows its language: `policy.yaml`. */
  readonly name: string;
  readonly text: string;
  /** What is wrong with an edited text, one line each; empty when it can be saved. */
  problems(text: string): readonly string[];
}

/**
 * Lets a person edit a copy in $VISUAL or $EDITOR until it can be saved. Returns the new text, or undefined when
 * nothing was changed. A text that cannot be saved is never thrown away: the copy stays and the error names it.
 * Throws AcpError('usage').
 */
export async function editInEditor(cli: Cli, task: EditTask): Promise<string | undefined> {
  const editor = cli.env.VISUAL || cli.env.EDITOR || (cli.interactive ? 'vi' : undefined);
  if (editor === undefined) {
    throw new AcpError('usage', 'There is no editor and no terminal.', {
      fix: 'Set VISUAL or EDITOR, or give the new text: --file FILE (- reads stdin)',
    });
  }
  const folder = mkdtempSync(join(tmpdir(), 'mcp-acp-edit-'));
  const copy = join(folder, task.name);
  writeFileSync(copy, task.text, { mode: 0o600 });
  for (;;) {
    runEditor(editor, copy);
    const text = readFileSync(copy, 'utf8');
    if (text === task.text) {
      rmSync(folder, { recursive: true, force: true });
      return undefined;
    }
    const problems = task.problems(text);
    if (problems.length === 0) {
      rmSync(folder, { recursive: true, force: true });
      return text;
    }
    cli.printer.note(['Not saved yet:', ...problems.map((problem) => `  ${problem}`)]);
    if (!cli.interactive || !(await askYes(cli, 'Edit again?', true))) {
      throw new AcpError('usage', 'Nothing was saved.', { fix: `Your text is in ${copy}` });
    }
  }
}

function runEditor(editor: string, file: string): void {
  // Through a shell, since the variable may hold arguments: `code --wait`.
  const done = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  if (done.status !== 0) {
    throw new AcpError('usage', `The editor ended with ${done.status ?? done.signal ?? 'an error'}.`, {
      fix: `Nothing was saved. Your text is in ${file}`,
    });
  }
}

/** The new text from `--file`: a file's, or stdin's for `-`. Throws AcpError('usage'). */
export function textFromFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new AcpError('usage', `${file} cannot be read.`, { cause: error });
  }
}
