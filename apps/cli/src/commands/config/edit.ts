import { readConfig, saveConfig, validateConfig } from '@mcp-acp/admin/configs';
import { AcpError } from '@mcp-acp/shared/errors';
import type { CommandSpec } from '../../command-spec.ts';
import { editInEditor, textFromFile } from '../../edit-in-editor.ts';
import { configTarget, restartNote, targetOptions } from './config-target.ts';

export const configEdit: CommandSpec = {
  path: ['config', 'edit'],
  summary: 'change settings in your editor',
  details: 'Opens a copy in $VISUAL or $EDITOR and saves it when it is valid.',
  options: [
    ...targetOptions,
    { flags: '--file <file>', description: 'take the new text from a file instead, - for stdin' },
  ],
  examples: ['mcp-acp config edit --proxy files'],
  async run(cli, input) {
    const { paths, target } = configTarget(cli, input);
    const file = readConfig(paths, target);
    const given = input.option('file');
    const edited =
      given !== undefined
        ? textFromFile(given)
        : await editInEditor(cli, {
            name: 'config.json',
            text: file.text,
            problems: (text) => problems({ ...file, text }),
          });
    if (edited === undefined || edited === file.text) {
      return { data: { file: file.file, changed: false }, text: ['Nothing changed.'] };
    }
    const saved = saveConfig(paths, target, { text: edited, edited: file.digest });
    return {
      data: { file: saved.file, changed: true, restart: saved.settings.restart },
      text: [`Saved ${saved.file}`],
      notes: [restartNote(saved.settings)],
    };
  },
};

function problems(file: Parameters<typeof validateConfig>[0]): readonly string[] {
  try {
    const check = validateConfig(file);
    if (check.ok) return [];
    return check.problems.map(
      ({ message, fix, position }) =>
        `config.json:${position.line}:${position.column}: ${message}${fix === undefined ? '' : ` ${fix}`}`,
    );
  } catch (error) {
    if (error instanceof AcpError) return [error.message];
    throw error;
  }
}
