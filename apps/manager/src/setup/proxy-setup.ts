import type { Actor } from '@mcp-acp/admin/actor';
import type { ClientProgram } from '@mcp-acp/admin/client-snippet';
import { launchLines } from '@mcp-acp/admin/describe-launch';
import { type DialogAnswer, type DialogQuestion, fitsDialog } from '@mcp-acp/admin/desktop-dialog';
import { createProxy } from '@mcp-acp/admin/proxies';
import { backendText } from '@mcp-acp/admin/shown-backend';
import type { Launch, ProxySetupPort } from '@mcp-acp/api/ports/proxies';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import {
  checkLaunchConfirmed,
  confirmLaunch,
  isLaunchPending,
  launchDigest,
} from '@mcp-acp/config/pending-launch';
import { proxyNames, readProxyConfig } from '@mcp-acp/config/proxy-config';
import { templates } from '@mcp-acp/policy/templates';
import { AcpError } from '@mcp-acp/shared/errors';
import { type CheckServer, createServerCheck } from './check-server.ts';
import { createDialogRest } from './dialog-rest.ts';
import { backendOfDraft } from './draft-backend.ts';
import { snippetOf } from './snippet.ts';

export interface ProxySetupOptions {
  readonly paths: HomePaths;
  readonly env: NodeJS.ProcessEnv;
  readonly program: ClientProgram;
  readonly actor: () => Actor;
  readonly ask: (question: DialogQuestion, signal: AbortSignal) => Promise<DialogAnswer>;
  readonly log: (event: string, fields: Readonly<Record<string, string>>) => void;
  readonly check?: CheckServer;
  readonly monotonicMs?: () => number;
}

/** How long a dialog waits for the person. Milliseconds. */
const dialogMs = 120_000;
/** So many prepared proxies may wait for a person: a page makes more only when somebody looked at those. */
const mostUnconfirmed = 16;

const notNow = (why: string): AcpError =>
  new AcpError('too_many_requests', why, {
    fix: 'Use the command, which needs no dialog, or try again in a while.',
  });

/** Making proxies for pages. A page prepares what is started; that it may be is said elsewhere, by a person. */
export function createProxySetup(options: ProxySetupOptions): ProxySetupPort {
  const { paths, env, program, actor, ask, log, monotonicMs = () => performance.now() } = options;
  const check = options.check ?? createServerCheck({ env, bin: program.bin });
  const rest = createDialogRest(monotonicMs);
  let isAsking = false;

  const launch = (proxy: string): Launch => {
    const { backend } = readProxyConfig(paths, proxy);
    const isProgram = backend.transport === 'stdio';
    return {
      confirmed: !isLaunchPending(paths, proxy),
      shown: backendText(backend),
      ...(isProgram && backend.cwd !== undefined ? { cwd: backend.cwd } : {}),
      environment: isProgram
        ? [...Object.keys(backend.env), ...backend.inheritEnv]
        : [...Object.keys(backend.headers), ...backend.inheritHeaders],
      confirm: `mcp-acp proxy trust ${proxy}`,
    };
  };

  const askToConfirm = async (proxy: string): Promise<'confirmed' | 'refused' | 'no_dialog'> => {
    const { backend } = readProxyConfig(paths, proxy);
    if (!isLaunchPending(paths, proxy)) return 'confirmed';
    const text = [
      ...launchLines(backend),
      '',
      'It was prepared in the dashboard. Whatever it is runs as you, each time your MCP client starts.',
    ].join('\n');
    // What does not fit is not asked in parts.
    if (!fitsDialog(text)) return 'no_dialog';
    if (isAsking) throw notNow('Another dialog is on the screen.');
    if (rest.isOn()) {
      if (rest.wasRefused(proxy)) return 'refused';
      throw notNow('Somebody has just said no to a dialog.');
    }
    isAsking = true;
    try {
      const question = {
        title: `May the proxy "${proxy}" start this?`,
        text,
        approve: 'Let it start',
        deny: 'Do not start it',
      };
      const answer = await ask(question, AbortSignal.timeout(dialogMs));
      if (answer === 'no_dialog') return 'no_dialog';
      if (answer !== 'approve') {
        rest.refused(proxy);
        return 'refused';
      }
      rest.approved();
      confirmLaunch(paths, proxy, launchDigest(backend));
      log('launch_confirmed', { proxy, channel: 'dialog' });
      return 'confirmed';
    } finally {
      isAsking = false;
    }
  };

  return {
    templates: () => Object.entries(templates).map(([name, { summary, text }]) => ({ name, summary, text })),
    create: ({ name, backend, template }) => {
      const policy = Object.hasOwn(templates, template)
        ? templates[template as keyof typeof templates].text
        : undefined;
      if (policy === undefined) throw new AcpError('usage', 'There is no such policy template.');
      const waiting = proxyNames(paths).filter((one) => isLaunchPending(paths, one)).length;
      if (waiting >= mostUnconfirmed) {
        throw new AcpError('too_many_requests', `${waiting} prepared proxies wait for a confirmation.`, {
          fix: 'Confirm them with mcp-acp proxy trust, or remove those nobody wants.',
        });
      }
      const proxy = { name, backend: backendOfDraft(backend, env), policy, unconfirmed: true as const };
      createProxy(paths, proxy, actor());
      log('proxy_created', { proxy: name, channel: 'dashboard' });
      return launch(name);
    },
    launch,
    askToConfirm,
    check: async (proxy, signal) => {
      readProxyConfig(paths, proxy);
      checkLaunchConfirmed(paths, proxy);
      return check(proxy, signal);
    },
    snippet: (proxy) => snippetOf({ paths, program }, proxy),
  };
}
