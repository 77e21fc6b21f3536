import type { RequestId } from '@mcp-acp/mcp/message';
import { type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';

/** A refusal as the one who asked is told. It names no rule: an agent needs to know what to do, not what to get around. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly method: string | undefined;
  readonly tool: string | undefined;
  /** More about this case, as a phrase. */
  readonly detail?: string | undefined;
}

/** What an agent can do about a refusal. */
const advice: Partial<Record<ErrorCode, string>> = {
  policy_denied: 'Nothing was run. Do not retry it; tell the user what you wanted to do and why.',
  protected_path: 'Nothing was run. These files are not available to agents; continue without them.',
  nobody_could_be_asked:
    'Nothing was run. Tell the user what you wanted to do, and go on with what needs no approval.',
  person_denied: 'Nothing was run. Do not retry it; a person said no.',
  approval_pending:
    'Nothing was run. Try the same call again in a moment, or go on with what needs no approval.',
  approval_expired:
    'Nothing was run. Tell the user what you wanted to do, and go on with what needs no approval.',
  too_many_approvals: 'Nothing was run. Wait until the user has answered what is waiting.',
  path_unclear: 'Nothing was run. Name each file by a plain path, and fewer of them in one call.',
  rate_limited: 'Nothing was run. Wait a while before the next call.',
  journal_unavailable: 'Nothing was run. Tell the user that the access control log cannot be written.',
  outcome_unrecorded: 'Do not retry it blindly; tell the user that the access control log cannot be written.',
  batch_refused: 'Nothing of the batch was run. Send the calls one by one.',
  guard_failed: 'Nothing was run. Tell the user that an access check failed.',
  invalid_params: 'Nothing was run. Correct the parameters.',
  input_request_denied: 'The result is withheld. The call may have run. Tell the user.',
  backend_exited: 'Check what happened before you try again. The server has to be restarted by the user.',
  backend_unreadable: 'Check what happened before you try again.',
  backend_timeout: 'Check what happened before you try again.',
  backend_unreachable: 'You may try again in a while; tell the user if the server stays away.',
  backend_connection_lost: 'Check what happened before you try again.',
  backend_refused: 'Do not repeat it unchanged; tell the user what the server said.',
  backend_failed: 'Check what happened before you try again.',
  proxy_disabled: 'Nothing was run. Tell the user that this server is switched off.',
  tool_headers_invalid: 'Nothing was run. Do not retry it; tell the user.',
};

function textOf({ code, method, tool, detail }: Refusal): string {
  const what = tool === undefined ? visible(method ?? 'message', 80) : `the tool "${visible(tool, 80)}"`;
  const { title } = errorTable[code];
  const why = detail === undefined ? title : `${title.slice(0, -1)}: ${asSentence(detail)}`;
  return [`mcp-acp: ${what}: ${why}`, advice[code]].filter((part) => part !== undefined).join(' ');
}

const asSentence = (text: string): string => (/[.?!…]$/.test(text) ? text : `${text}.`);

interface RefusalData {
  readonly code: ErrorCode;
  readonly method?: string;
  readonly tool?: string;
}

function dataOf({ code, method, tool }: Refusal): RefusalData {
  return {
    code,
    ...(method === undefined ? {} : { method: visible(method) }),
    ...(tool === undefined ? {} : { tool: visible(tool) }),
  };
}

/** A JSON-RPC error. `id` null where the message's own id is unknown or belongs to another request that still runs. */
export function errorAnswer(id: RequestId | null, refusal: Refusal): Buffer {
  const error = { code: errorTable[refusal.code].rpc, message: textOf(refusal), data: dataOf(refusal) };
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, error }));
}

export interface ToolRefusalShape {
  /** Revision 2026-07-28 wants a `resultType` in every result. */
  readonly stateless: boolean;
  /** Clients check `structuredContent` against a tool's output schema, which a refusal cannot meet. */
  readonly hasOutputSchema: boolean;
}

/** A tool result with `isError`, which an agent reads where a protocol error would only reach its client. */
export function toolRefusal(id: RequestId, refusal: Refusal, shape: ToolRefusalShape): Buffer {
  const data = dataOf(refusal);
  const result = {
    ...(shape.stateless ? { resultType: 'complete' } : {}),
    content: [{ type: 'text', text: textOf(refusal) }],
    isError: true,
    ...(shape.hasOutputSchema ? {} : { structuredContent: data }),
    _meta: { 'io.github.mcp-acp/refusal': data },
  };
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result }));
}
