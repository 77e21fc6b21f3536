import type { NewBackend } from '@mcp-acp/admin/proxies';
import { clientVariables } from '@mcp-acp/admin/shown-backend';
import { resolveBackend } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import { limits } from '@mcp-acp/shared/limits';
import { visible } from '@mcp-acp/shared/visible';
import type { Cli } from './cli.ts';
import { diagnoseUrl, silent } from './diagnose-url.ts';
import type { Conversation, Era, Reply } from './speak/conversation.ts';
import { whyNoResult } from './speak/conversation.ts';
import { listAll, offers } from './speak/list-all.ts';
import { type ClosedLine, speak } from './speak/speak.ts';
import { type UrlWay, type Way, wayToBackend } from './speak/way.ts';

/** What a backend says about itself. Everything in it is a foreign party's word. */
export interface BackendReport {
  readonly server?: string;
  readonly revision?: string;
  /** Of a URL: what it speaks. */
  readonly transport?: 'http' | 'sse';
  readonly tools: readonly { readonly name: string; readonly readOnly: boolean }[];
}

const timeoutMs = 30_000;

/**
 * Speaks to a backend as a proxy would, asks for its tools and ends it. The handshake of the older era is tried first;
 * a backend that answers it with an error is spoken to once more, in the newer one.
 * Throws AcpError('backend_not_started' | 'backend_unreachable' | 'config_invalid').
 */
export async function checkBackend(cli: Cli, given: NewBackend): Promise<BackendReport> {
  // Somebody waits for this check, and can repeat it.
  const backend = resolveBackend('check', {
    ...given,
    ...(given.transport === 'stdio' ? {} : { connectRetries: 0 }),
  });
  const way = wayToBackend(backend, cli.env);
  const first = await attempt(cli, way, 'stateful');
  if (first.ok) return first.report;
  if (first.reply.kind === 'error' || first.reply.code === 'backend_refused') {
    const second = await attempt(cli, way, 'stateless');
    if (second.ok) return second.report;
  }
  if (way.kind === 'url') throw await unreachable(way, first.reply);
  throw notStarted(
    first.reply,
    first.line,
    clientVariables(backend).map(({ name }) => name),
  );
}

type Attempt =
  | { readonly ok: true; readonly report: BackendReport }
  | {
      readonly ok: false;
      readonly reply: Exclude<Reply, { readonly kind: 'result' }>;
      readonly line: ClosedLine;
    };

async function attempt(cli: Cli, way: Way, era: Era): Promise<Attempt> {
  const options = {
    era,
    name: 'mcp-acp',
    version: cli.version,
    timeoutMs,
    lineLimitBytes: limits.messageBytes,
    onFrame: () => undefined,
    onAsked: () => undefined,
  };
  const spoken = await speak(way, options, async (conversation, line) => ({
    conversation,
    tools: offers(conversation, 'tools') ? await listAll(conversation, 'tools') : undefined,
    transport: line.transport?.(),
  }));
  if (!spoken.ok) return spoken;
  const { conversation, tools, transport } = spoken.result;
  if (tools !== undefined && !tools.ok) return { ok: false, reply: tools.reply, line: spoken.line };
  return {
    ok: true,
    report: {
      ...whoIs(conversation),
      ...(transport === undefined ? {} : { transport }),
      tools: (tools?.items ?? []).flatMap(({ name, annotations }) =>
        typeof name === 'string' ? [{ name, readOnly: isReadOnly(annotations) }] : [],
      ),
    },
  };
}

const whoIs = ({ welcome: { server, revision } }: Conversation) => ({
  ...(server === undefined ? {} : { server: `${server.name} ${server.version}`.trimEnd() }),
  ...(revision === undefined ? {} : { revision }),
});

const isReadOnly = (annotations: unknown): boolean =>
  typeof annotations === 'object' &&
  annotations !== null &&
  'readOnlyHint' in annotations &&
  annotations.readOnlyHint === true;

function notStarted(
  reply: Exclude<Reply, { readonly kind: 'result' }>,
  line: ClosedLine,
  fromClient: readonly string[],
): AcpError {
  const lines = line.stderr().trim().split('\n').slice(-5);
  const said =
    lines[0] === '' ? '' : ` It wrote: ${lines.map((text) => visible(text.trim(), 200)).join(' | ')}`;
  const missing = fromClient.length === 0 ? '' : ` Are ${fromClient.join(', ')} set in this shell?`;
  return new AcpError(
    'backend_not_started',
    `The backend did not list its tools: ${visible(whyNoResult(reply), 500)}.${said}`,
    {
      fix: `Run its command by itself to see what it needs.${missing} Or save without the check: --no-check`,
    },
  );
}

/** Asks once more, plainly, to say what is wrong and what to do about it. */
async function unreachable(
  way: UrlWay,
  reply: Exclude<Reply, { readonly kind: 'result' }>,
): Promise<AcpError> {
  const isSilent = reply.kind === 'failed' && reply.code === 'backend_timeout';
  const { message, fix } = isSilent
    ? silent(way, timeoutMs)
    : await diagnoseUrl(way, visible(whyNoResult(reply).replace(/[.]+$/, ''), 500));
  return new AcpError('backend_unreachable', message, {
    fix: `${fix} Or save without the check: --no-check`,
  });
}
