import { checkNewName } from '@mcp-acp/admin/proxies';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { templates } from '@mcp-acp/policy/templates';
import { AcpError } from '@mcp-acp/shared/errors';
import { askChoice, askText } from '../../ask.ts';
import type { Cli } from '../../cli.ts';
import type { Input } from '../../command-spec.ts';
import { table } from '../../output/table.ts';
import { askServer, changedServer, isComplete, serverParts, serverRows } from './ask-for-server.ts';
import { type CommandDraft, type ProxyDraft, templateNames, type UrlDraft } from './proxy-draft.ts';

/** A draft in which nothing is missing. */
export interface CompleteDraft extends ProxyDraft {
  readonly server: CommandDraft | UrlDraft;
}

/** Asks for what is missing. Throws AcpError('usage') where nobody can be asked. */
export async function completeDraft(cli: Cli, input: Input, typed: ProxyDraft): Promise<CompleteDraft> {
  const paths = cli.paths();
  if (!cli.interactive) {
    if (typed.name === '') throw missing('A proxy needs a name.');
    const { server } = typed;
    if (isComplete(server)) return { ...typed, server };
    throw typed.server.kind === 'url'
      ? missing('The URL of the MCP server is missing.', 'mcp-acp proxy add NAME --url URL')
      : missing('The command that starts the MCP server is missing.');
  }
  const asked = typed.name === '' || !isComplete(typed.server);
  const name = typed.name === '' ? await askName(paths, '') : typed.name;
  checkNewName(paths, name);
  const server = isComplete(typed.server) ? typed.server : await askServer(typed.server);
  const template = asked && input.option('template') === undefined ? await askTemplate() : typed.template;
  return review(cli, { name, template, server });
}

const missing = (message: string, fix = 'mcp-acp proxy add NAME -- COMMAND ARGS…, or --url URL') =>
  new AcpError('usage', message, { fix });

/** Shows everything and lets each part be changed before it is saved. */
async function review(cli: Cli, first: CompleteDraft): Promise<CompleteDraft> {
  let draft = first;
  for (;;) {
    cli.printer.note(['', ...draftLines(draft), '']);
    const next = await askChoice('Save this proxy?', [
      { value: 'save', name: 'Save' },
      { value: 'name', name: 'Change the name' },
      { value: 'template', name: 'Change the policy template' },
      ...serverParts(draft.server),
      { value: 'stop', name: 'Stop without saving' },
    ]);
    if (next === 'save') return draft;
    if (next === 'stop') throw new AcpError('usage', 'Stopped; nothing was saved.');
    if (next === 'name') draft = { ...draft, name: await askName(cli.paths(), draft.name) };
    else if (next === 'template') draft = { ...draft, template: await askTemplate() };
    else draft = { ...draft, server: await changedServer(draft.server, next) };
  }
}

const draftLines = ({ name, template, server }: CompleteDraft): readonly string[] =>
  table([['name', name], ['policy', `${template}: ${templates[template].summary}`], ...serverRows(server)]);

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

const askTemplate = () =>
  askChoice(
    'What may the agent do?',
    templateNames.map((value) => ({ value, name: `${value}: ${templates[value].summary}` })),
  );
