import { type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { isJsonObject } from '@mcp-acp/shared/json';
import { visible } from '@mcp-acp/shared/visible';
import { diagnoseUrl } from '../../diagnose-url.ts';
import type { Problem } from '../../output/problem.ts';
import { type ErrorReply, type Reply, whyNoResult } from '../../speak/conversation.ts';
import type { ClosedLine } from '../../speak/speak.ts';
import type { Way } from '../../speak/way.ts';
import type { DebugRun } from './debug-options.ts';

interface NotGreeted {
  readonly reply: Exclude<Reply, { readonly kind: 'result' }>;
  readonly line: ClosedLine;
}

/** The problem with its parts, for programs that put it into words of their own. */
export interface NotGreetedProblem extends Problem {
  readonly code: ErrorCode;
  /** What went wrong, in the words of who told it. */
  readonly reason: string;
  /** The error that was the answer, where there was one. */
  readonly peer?: ErrorReply;
  /** The last lines a started program wrote, but for those that say the same. */
  readonly wrote: readonly string[];
}

/** Why nothing could be asked, and what to do about it. */
export async function notGreeted(
  run: DebugRun,
  way: Way,
  { reply, line }: NotGreeted,
): Promise<NotGreetedProblem> {
  const who = run.direct ? `The backend of "${run.proxy}"` : `The proxy "${run.proxy}"`;
  const why = visible(whyNoResult(reply).replace(/[.]$/, ''), 1_000);
  const found = way.kind === 'url' && reply.kind === 'failed' ? await diagnoseUrl(way, why) : undefined;
  const hint = !run.direct
    ? 'Or leave the proxy out: --direct'
    : reply.kind === 'error' && run.era === 'stateful'
      ? 'Does it speak the other era? --era stateless'
      : '';
  const wrote = writtenBy(line, why);
  const said = wrote.length === 0 ? '' : ` It wrote: ${wrote.join(' | ')}`;
  return {
    code: codeOf(reply, run.direct),
    message: `${who} could not be greeted: ${why}.${said}${found === undefined ? '' : ` ${found.message}`}`,
    fix: found?.fix ?? `See every message: --trace. ${hint}`.trimEnd(),
    reason: (reply.kind === 'error' ? reply.error.message : reply.detail).slice(0, mostReason),
    ...(reply.kind === 'error' ? { peer: reply.error } : {}),
    wrote,
  };
}

/** UTF-16 units. */
const mostReason = 4_096;

/** The last lines a started program wrote. A proxy writes there what it also answers: that is not said twice. */
const writtenBy = (line: ClosedLine, why: string): readonly string[] =>
  line
    .stderr()
    .split('\n')
    .map((text) => visible(text.trim(), 300))
    .filter((text) => text !== '' && !why.includes(text.replace(/^mcp-acp: /, '').replace(/[.]$/, '')))
    .slice(-5);

/** The code of our own in a failure, or in an error of a proxy. A backend's word for what went wrong is not ours. */
function codeOf(reply: Exclude<Reply, { readonly kind: 'result' }>, direct: boolean): ErrorCode {
  if (reply.kind === 'failed') return reply.code;
  if (direct) return 'backend_not_started';
  const { data } = reply.error;
  const code = isJsonObject(data) ? data.code : undefined;
  return typeof code === 'string' && Object.hasOwn(errorTable, code)
    ? (code as ErrorCode)
    : 'backend_not_started';
}
