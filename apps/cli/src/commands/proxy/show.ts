import { clientEntry, clientSnippet, snippetNotes } from '@mcp-acp/admin/client-snippet';
import { runningInstances } from '@mcp-acp/admin/instances';
import { readPolicy } from '@mcp-acp/admin/policies';
import { backendText, shownBackend } from '@mcp-acp/admin/shown-backend';
import { headerVariable } from '@mcp-acp/config/header-rules';
import { isLaunchPending } from '@mcp-acp/config/pending-launch';
import { type Backend, readProxyConfig } from '@mcp-acp/config/proxy-config';
import { chooseProxy } from '../../choose-proxy.ts';
import { clientProgram } from '../../client-program.ts';
import { type CommandSpec, proxyOption } from '../../command-spec.ts';
import { table } from '../../output/table.ts';

export const proxyShow: CommandSpec = {
  path: ['proxy', 'show'],
  summary: "show a proxy: its backend, its files and its client's entry",
  arguments: [{ name: 'name', description: 'the proxy; may be left out when there is exactly one' }],
  options: [proxyOption],
  examples: ['mcp-acp proxy show files'],
  run(cli, input) {
    const paths = cli.paths();
    const name = chooseProxy(paths, input.argument(0) ?? input.option('proxy'));
    const config = readProxyConfig(paths, name);
    const { instances } = runningInstances(paths, name);
    const unconfirmed = isLaunchPending(paths, name);
    const policy = readPolicy(paths, name);
    const backend = shownBackend(config.backend);
    const snippet = clientSnippet({ [name]: clientEntry(clientProgram(cli), name, config) });
    const rows = [
      ['id', config.id],
      ['backend', backendText(backend)],
      ...backendRows(backend),
      ['config', paths.proxyConfig(name)],
      ['policy', `${policy.file} (version ${policy.digest.slice(0, 12)})`],
      ['journal', paths.auditDir(name)],
      ...(config.enabled ? [] : [['state', `switched off: mcp-acp proxy enable ${name}`]]),
      ...(unconfirmed ? [['launch', `waits to be confirmed: mcp-acp proxy trust ${name}`]] : []),
      ['running', instances.length === 0 ? 'no' : instances.map(({ pid }) => `pid ${pid}`).join(', ')],
    ];
    return {
      data: {
        name,
        ...config,
        backend,
        launch: unconfirmed ? 'unconfirmed' : 'confirmed',
        files: {
          config: paths.proxyConfig(name),
          policy: policy.file,
          audit: paths.auditDir(name),
        },
        policyVersion: policy.digest,
        instances,
        client: snippet,
      },
      text: [
        cli.style.bold(name),
        ...table(rows),
        '',
        "In the client's settings:",
        JSON.stringify(snippet, null, 2),
      ],
      notes: snippetNotes(clientProgram(cli)),
    };
  },
};

/** What a shown backend has beside its command line or URL. */
const backendRows = (backend: Backend): readonly (readonly string[])[] =>
  backend.transport === 'stdio'
    ? [
        ...(backend.cwd === undefined ? [] : [['cwd', backend.cwd]]),
        ...Object.entries(backend.env).map(([key, value]) => ['env', `${key}=${value}`]),
        ...backend.inheritEnv.map((key) => ['env', `${key} (from the client)`]),
      ]
    : [
        ['transport', backend.transport === 'http' ? 'Streamable HTTP' : 'HTTP+SSE'],
        ...Object.keys(backend.headers).map((name) => ['header', name]),
        ...backend.inheritHeaders.map((name) => [
          'header',
          `${name} (from the client: ${headerVariable(name)})`,
        ]),
      ];
