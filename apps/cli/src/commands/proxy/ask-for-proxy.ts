import { checkNewName } from '@mcp-acp/admin/proxies';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { templates } from '@mcp-acp/policy/templates';
import { AcpError } from '@mcp-acp/shared/errors';
import { askChoice, askText } from '../../ask.ts';
import type { Cli } from '../../cli.ts';
import type { Input } from '../../command-spec.ts';
import { table } from '../../output/table.ts';
import { commandLineText } from '../../shown-backend.ts';
import { splitCommandLine } from '../../split-command-line.ts';
import { draftEnv, type ProxyDraft, templateNames } from './proxy-draft.ts';

/** Asks for what is missing. Throws AcpError('usage') where nobody can be asked. */
export async function completeDraft(cli: Cli, input: Input, typed: ProxyDraft): Promise<ProxyDraft> {
  const paths = cli.paths();
  if (!cli.interactive) {
    if (typed.name === '') throw missing('A proxy needs a name.');
    if (typed.commandLine.length === 0) throw missing('The command that starts the MCP server is missing.');
    return typed;
  }
  let draft = typed;
  const asked = draft.name === '' || draft.commandLine.length === 0;
  if (draft.name === '') draft = { ...draft, name: await askName(paths, '') };
  else checkNewName(paths, draft.name);
  if (draft.commandLine.length === 0) draft = { ...draft, commandLine: await askCommand(draft) };
  if (asked && input.option('template') === undefined) draft = { ...draft, template: await askTemplate() };
  return review(cli, draft);
}

const missing = (message: string) =>
  new AcpError('usage', message, { fix: 'mcp-acp proxy add NAME -- COMMAND ARGS…' });

/** Shows everything and lets each part be changed before it is saved. */
async function review(cli: Cli, first: ProxyDraft): Promise<ProxyDraft> {
  let draft = first;
  for (;;) {
    cli.printer.note(['', ...draftLines(draft), '']);
    const next = await askChoice('Save this proxy?', [
      { value: 'save', name: 'Save' },
      { value: 'name', name: 'Change the name' },
      { value: 'command', name: 'Change the command' },
      { value: 'template', name: 'Change the policy template' },
      { value: 'env', name: 'Change the variables' },
      { value: 'cwd', name: 'Change the working directory' },
      { value: 'stop', name: 'Stop without saving' },
    ]);
    if (next === 'save') return draft;
    if (next === 'stop') throw new AcpError('usage', 'Stopped; nothing was saved.');
    draft = await changed(cli, draft, next);
  }
}

async function changed(
  cli: Cli,
  draft: ProxyDraft,
  part: 'name' | 'command' | 'template' | 'env' | 'cwd',
): Promise<ProxyDraft> {
  switch (part) {
    case 'name':
      return { ...draft, name: await askName(cli.paths(), draft.name) };
    case 'command':
      return { ...draft, commandLine: await askCommand(draft) };
    case 'template':
      return { ...draft, template: await askTemplate() };
    case 'env': {
      const text = await askText('Variables, K or K=V, separated by spaces:', {
        default: draft.env.join(' '),
        problem: (typed) => (splitCommandLine(typed) === undefined ? 'A quote is not closed.' : undefined),
      });
      return { ...draft, env: splitCommandLine(text) ?? [] };
    }
    case 'cwd': {
      const { cwd, ...rest } = draft;
      const text = await askText('Working directory (empty: the client decides):', { default: cwd ?? '' });
      return text.trim() === '' ? rest : { ...rest, cwd: text.trim() };
    }
  }
}

function draftLines(draft: ProxyDraft): readonly string[] {
  const [command = '', ...args] = draft.commandLine;
  const { values, names } = draftEnv(draft.env);
  return table([
    ['name', draft.name],
    ['command', commandLineText({ command, args })],
    ['policy', `${draft.template}: ${templates[draft.template].summary}`],
    [
      'variables',
      [...Object.keys(values), ...names.map((name) => `${name} (from the client)`)].join(', ') || '-',
    ],
    ['cwd', draft.cwd ?? '-'],
  ]);
}

const askName = (paths: HomePaths, standard: string): Promise<string> =>
  askText('Name of the proxy:', {
    ...(standard === '' ? {} : { default: standard }),
    problem: (text) => {
      try {
        checkNewName(paths, text);
        return undefined;
      } catch (error) {
        return error instanceof AcpError ? error.message : String(error);
      }
    },
  });

async function askCommand(draft: ProxyDraft): Promise<readonly string[]> {
  const [command, ...args] = draft.commandLine;
  const text = await askText('Command that starts the MCP server:', {
    ...(command === undefined ? {} : { default: commandLineText({ command, args }) }),
    problem: (typed) => {
      const words = splitCommandLine(typed);
      if (words === undefined) return 'A quote is not closed.';
      return words.length === 0
        ? 'For example: npx -y @modelcontextprotocol/server-filesystem /home/me/project'
        : undefined;
    },
  });
  return splitCommandLine(text) ?? [];
}

const askTemplate = () =>
  askChoice(
    'What may the agent do?',
    templateNames.map((value) => ({ value, name: `${value}: ${templates[value].summary}` })),
  );
