import { clientEntry, clientSnippet, snippetNotes } from '@mcp-acp/admin/client-snippet';
import { checkNewName, createProxy, type NewBackend, proxiesOfBackend } from '@mcp-acp/admin/proxies';
import { shownBackend } from '@mcp-acp/admin/shown-backend';
import { templates } from '@mcp-acp/policy/templates';
import { visible } from '@mcp-acp/shared/visible';
import { type BackendReport, checkBackend } from '../../check-backend.ts';
import { clientProgram } from '../../client-program.ts';
import type { CommandSpec } from '../../command-spec.ts';
import { type CompleteDraft, completeDraft } from './ask-for-proxy.ts';
import { draftNotes } from './draft-notes.ts';
import { backendOf, type CommandDraft, draftFrom, templateNames, type UrlDraft } from './proxy-draft.ts';

export const proxyAdd: CommandSpec = {
  path: ['proxy', 'add'],
  summary: 'put a proxy in front of an MCP server',
  details:
    'Asks on a terminal for what is missing. Starts the server once, or connects to its URL, to list its tools; saves, and prints the entry for your client.',
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
    { flags: '--url <url>', description: 'where a server listens that is not started here' },
    {
      flags: '--header <K[=V]>',
      description:
        'a header for the server at the URL; K alone takes its value from the client, as a variable named K, or in capitals (X-Api-Key: X_API_KEY)',
      repeat: true,
    },
    {
      flags: '--transport <transport>',
      description: 'how the server at the URL speaks: Streamable HTTP or HTTP+SSE (default: found out)',
      choices: ['http', 'sse'],
    },
    { flags: '--no-check', description: 'do not ask the server for its tools' },
  ],
  takesCommandLine: true,
  asks: true,
  examples: [
    'mcp-acp proxy add files --template read-only -- npx -y @modelcontextprotocol/server-filesystem ~/project',
    'mcp-acp proxy add github --env GITHUB_TOKEN -- github-mcp-server stdio',
    'mcp-acp proxy add remote --url https://mcp.example.com/mcp --header Authorization',
  ],
  async run(cli, input) {
    const paths = cli.paths();
    const typed = draftFrom(input);
    // Before any question: what cannot be saved should be said first.
    if (typed.name !== '') checkNewName(paths, typed.name);
    const draft = await completeDraft(cli, input, typed);
    checkNewName(paths, draft.name);
    const check = input.flag('check');
    const drafted = backendOf(cli, draft.server, check);
    const others = proxiesOfBackend(paths, drafted);
    const report = check ? await checkBackend(cli, drafted) : undefined;
    const backend = withTransport(drafted, draft.server, report);
    const config = createProxy(
      paths,
      { name: draft.name, backend, policy: templates[draft.template].text },
      cli.actor(),
    );
    const snippet = clientSnippet({ [draft.name]: clientEntry(clientProgram(cli), draft.name, config) });
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
      notes: [...notes(draft, others), ...snippetNotes(clientProgram(cli))],
    };
  },
};

/** Where the person did not say which HTTP transport it is, it is the one the server answered on. */
const withTransport = (
  backend: NewBackend,
  server: CommandDraft | UrlDraft,
  report: BackendReport | undefined,
): NewBackend =>
  backend.transport !== 'stdio' &&
  server.kind === 'url' &&
  server.transport === undefined &&
  report?.transport !== undefined
    ? { ...backend, transport: report.transport }
    : backend;

function notes({ server }: CompleteDraft, others: readonly string[]): readonly string[] {
  const same = server.kind === 'command' ? 'starts the same backend' : 'has the same URL';
  return [
    ...draftNotes(server),
    ...(others.length === 0
      ? []
      : [
          `warning: ${others.map((name) => `"${name}"`).join(', ')} ${same}; each has its own policy and journal.`,
        ]),
  ];
}

const mostShown = 20;

function reportLines({ server, revision, tools, transport }: BackendReport): readonly string[] {
  const shown = tools.slice(0, mostShown).map(({ name }) => visible(name, 64));
  const more = tools.length > mostShown ? `, and ${tools.length - mostShown} more` : '';
  const over =
    transport === undefined ? '' : transport === 'http' ? ', over Streamable HTTP' : ', over HTTP+SSE';
  return [
    `The server answers: ${visible(server ?? 'unnamed', 100)}${revision === undefined ? '' : `, MCP ${visible(revision, 20)}`}${over}`,
    `It has ${tools.length} ${tools.length === 1 ? 'tool' : 'tools'}${tools.length === 0 ? '' : `: ${shown.join(', ')}${more}`}`,
    '',
  ];
}
