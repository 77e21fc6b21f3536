import { checkNewName, createProxy, proxiesOfBackend } from '@mcp-acp/admin/proxies';
import { templates } from '@mcp-acp/policy/templates';
import { visible } from '@mcp-acp/shared/visible';
import { checkBackend } from '../../check-backend.ts';
import type { Cli } from '../../cli.ts';
import { clientEntry, clientSnippet, snippetNotes } from '../../client-snippet.ts';
import type { CommandSpec } from '../../command-spec.ts';
import type { BackendReport } from '../../loaded-later/speak-to-backend.ts';
import { shownBackend } from '../../shown-backend.ts';
import { completeDraft } from './ask-for-proxy.ts';
import {
  draftEnv,
  draftFrom,
  draftProgram,
  type ProxyDraft,
  relativeNotes,
  secretNotes,
  templateNames,
} from './proxy-draft.ts';

export const proxyAdd: CommandSpec = {
  path: ['proxy', 'add'],
  summary: 'put a proxy in front of an MCP server',
  details:
    'Asks on a terminal for what is missing. Starts the server once to list its tools, saves, and prints the entry for your client.',
  arguments: [{ name: 'name', description: 'letters, digits, "-" and "_"' }],
  options: [
    {
      flags: '--template <name>',
      description: 'the policy to begin with (default: ask-writes)',
      choices: templateNames,
    },
    {
      flags: '--env <K[=V]>',
      description: 'a variable for the server; K alone takes its value from the client',
      repeat: true,
    },
    { flags: '--cwd <folder>', description: "the server's working directory" },
    { flags: '--no-check', description: 'do not start the server to list its tools' },
  ],
  takesCommandLine: true,
  asks: true,
  examples: [
    'mcp-acp proxy add files --template read-only -- npx -y @modelcontextprotocol/server-filesystem ~/project',
    'mcp-acp proxy add github --env GITHUB_TOKEN -- github-mcp-server stdio',
  ],
  async run(cli, input) {
    const paths = cli.paths();
    const typed = draftFrom(input);
    // Before any question: what cannot be saved should be said first.
    if (typed.name !== '') checkNewName(paths, typed.name);
    const draft = await completeDraft(cli, input, typed);
    checkNewName(paths, draft.name);
    const check = input.flag('check');
    const backend = backendOf(cli, draft, check);
    const others = proxiesOfBackend(paths, backend);
    const report = check
      ? await checkBackend({ ...backend, id: draft.name, callIdleMs: 0 }, cli.env)
      : undefined;
    const config = createProxy(
      paths,
      { name: draft.name, backend, policy: templates[draft.template].text },
      cli.actor(),
    );
    const snippet = clientSnippet({ [draft.name]: clientEntry(cli, draft.name, config) });
    return {
      data: {
        name: draft.name,
        id: config.id,
        template: draft.template,
        backend: shownBackend(config.backend),
        files: { config: paths.proxyConfig(draft.name), policy: paths.policy(draft.name) },
        ...(report === undefined ? {} : { check: report }),
        client: snippet,
        warnings: notes(draft, others),
      },
      text: [
        ...(report === undefined ? [] : reportLines(report)),
        `Added "${draft.name}" with the policy "${draft.template}": ${templates[draft.template].summary}`,
        `  ${paths.policy(draft.name)}`,
        '',
        "Put this into your client's settings (mcp.json, claude_desktop_config.json, …) and restart the client:",
        '',
        JSON.stringify(snippet, null, 2),
      ],
      notes: [...notes(draft, others), ...snippetNotes(cli)],
    };
  },
};

function backendOf(cli: Cli, draft: ProxyDraft, check: boolean) {
  const { values, names } = draftEnv(draft.env);
  return {
    transport: 'stdio',
    command: draftProgram(cli, draft, check),
    args: draft.commandLine.slice(1),
    ...(draft.cwd === undefined ? {} : { cwd: draft.cwd }),
    env: values,
    inheritEnv: names,
  } as const;
}

function notes(draft: ProxyDraft, others: readonly string[]): readonly string[] {
  return [
    ...secretNotes(draft),
    ...relativeNotes(draft),
    ...(others.length === 0
      ? []
      : [
          `warning: ${others.map((name) => `"${name}"`).join(', ')} starts the same backend; each has its own policy and journal.`,
        ]),
  ];
}

const mostShown = 20;

function reportLines({ server, revision, tools }: BackendReport): readonly string[] {
  const shown = tools.slice(0, mostShown).map(({ name }) => visible(name, 64));
  const more = tools.length > mostShown ? `, and ${tools.length - mostShown} more` : '';
  return [
    `The server answers: ${visible(server ?? 'unnamed', 100)}${revision === undefined ? '' : `, MCP ${visible(revision, 20)}`}`,
    `It has ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}${tools.length === 0 ? '' : `: ${shown.join(', ')}${more}`}`,
    '',
  ];
}
