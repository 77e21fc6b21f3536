interface ErrorRow {
  readonly exit: number;
  readonly rpc: number;
  readonly http?: number;
  readonly title: string;
}

/**
 * Every failure the product can report, declared once. Nothing branches on message text: code goes by these names.
 *
 * `exit` is the process's exit code (0 ok · 1 failed · 2 usage · 10 audit log · 12 identity provider unreachable ·
 * 13 not signed in · 14 device posture · 15 session bound to another identity · 16 configuration).
 * `rpc` is the JSON-RPC error code where a request on the MCP wire is answered with it. The codes of our own lie in
 * -32069..-32050, outside the ranges the MCP revisions use.
 * `http` is the status with which the manager and the proxies answer a call of their API; 500 where it is absent.
 */
export const errorTable = {
  // What the strict check refuses.
  parse_error: { exit: 1, rpc: -32700, title: 'The message is not valid JSON.' },
  invalid_utf8: { exit: 1, rpc: -32700, title: 'The message is not valid UTF-8.' },
  byte_order_mark: { exit: 1, rpc: -32700, title: 'The message starts with a byte order mark.' },
  message_too_large: { exit: 1, rpc: -32600, title: 'The message is larger than the limit.' },
  nesting_too_deep: { exit: 1, rpc: -32600, title: 'The message nests objects or arrays too deeply.' },
  duplicate_key: { exit: 1, rpc: -32600, title: 'An object has the same key twice.' },
  ambiguous_key: {
    exit: 1,
    rpc: -32600,
    title: 'A key differs from a protocol key only in case or by a hidden character.',
  },
  invalid_envelope: { exit: 1, rpc: -32600, title: 'The message is not a JSON-RPC 2.0 message.' },
  invalid_id: {
    exit: 1,
    rpc: -32600,
    title: 'The id is neither a string nor a whole number in the safe range.',
  },
  duplicate_id: {
    exit: 1,
    rpc: -32600,
    title: 'The id belongs to a request that has not been answered yet.',
  },
  batch_not_allowed: { exit: 1, rpc: -32600, title: 'Batches exist only in revision 2025-03-26.' },
  too_many_in_flight: { exit: 1, rpc: -32600, title: 'Too many requests are waiting for an answer.' },
  invalid_params: { exit: 1, rpc: -32602, title: 'The parameters lack what a decision needs.' },
  unexpected_answer: { exit: 1, rpc: -32600, title: 'The answer belongs to no request that waits for one.' },
  // What the enforcement point refuses.
  policy_denied: { exit: 1, rpc: -32060, title: 'Refused by policy.' },
  protected_path: { exit: 1, rpc: -32060, title: 'The path belongs to the access control proxy itself.' },
  path_unclear: {
    exit: 1,
    rpc: -32060,
    title: 'A path could not be resolved, so it may be one that is protected.',
  },
  nobody_could_be_asked: {
    exit: 1,
    rpc: -32061,
    title: 'A person must approve this, and nobody could be asked.',
  },
  request_cancelled: {
    exit: 1,
    rpc: -32060,
    title: 'Whoever sent the request took it back before it left.',
  },
  person_denied: { exit: 1, rpc: -32067, title: 'A person refused this call.' },
  approval_pending: {
    exit: 1,
    rpc: -32068,
    title: 'A person must approve this, and has not answered yet.',
  },
  approval_expired: { exit: 1, rpc: -32069, title: 'A person must approve this, and nobody answered.' },
  too_many_approvals: {
    exit: 1,
    rpc: -32062,
    title: 'Too many calls wait for a person already.',
  },
  rate_limited: { exit: 1, rpc: -32062, title: 'A rate limit was reached.' },
  batch_refused: {
    exit: 1,
    rpc: -32060,
    title: 'Another member of the batch was refused, so none was sent.',
  },
  guard_failed: { exit: 1, rpc: -32060, title: 'A check failed, so the request was refused.' },
  journal_unavailable: {
    exit: 10,
    rpc: -32063,
    title: 'The journal cannot be written, so nothing is called.',
  },
  outcome_unrecorded: {
    exit: 10,
    rpc: -32063,
    title: 'The call ran, but its outcome could not be recorded, so the result is withheld.',
  },
  input_request_denied: {
    exit: 1,
    rpc: -32060,
    title: 'The result asks the client for something the policy refuses.',
  },
  // What happens to a backend.
  backend_not_started: { exit: 1, rpc: -32064, title: 'The backend could not be started.' },
  backend_exited: {
    exit: 1,
    rpc: -32064,
    title: 'The backend ended before it answered; the call may have run.',
  },
  backend_unreadable: {
    exit: 1,
    rpc: -32064,
    title: 'The backend sent an unreadable result; the call may have run.',
  },
  backend_timeout: {
    exit: 1,
    rpc: -32064,
    title: 'The backend did not answer in time; the call may have run.',
  },
  backend_unreachable: {
    exit: 1,
    rpc: -32064,
    title: 'The backend cannot be reached; the call was not sent.',
  },
  backend_connection_lost: {
    exit: 1,
    rpc: -32064,
    title: 'The connection to the backend was lost before it answered; the call may have run.',
  },
  backend_failed: {
    exit: 1,
    rpc: -32064,
    title: 'The backend failed on the request; the call may have run.',
  },
  backend_refused: { exit: 1, rpc: -32064, title: 'The backend refused the request.' },
  tool_headers_invalid: {
    exit: 1,
    rpc: -32064,
    title: "The tool's definition asks for headers that cannot be sent, so it is not called.",
  },
  proxy_disabled: {
    exit: 16,
    rpc: -32066,
    http: 409,
    title: 'The proxy is switched off, so nothing is called.',
  },
  // What the API of manager and proxies refuses.
  bad_request: { exit: 2, rpc: -32600, http: 400, title: 'The request is not one this procedure takes.' },
  bad_frame: { exit: 1, rpc: -32700, http: 400, title: 'The bytes on the socket are no message of the API.' },
  request_too_large: { exit: 1, rpc: -32600, http: 413, title: 'The request is larger than the limit.' },
  too_many_requests: { exit: 1, rpc: -32600, http: 429, title: 'Too many requests wait for an answer.' },
  locked: { exit: 1, rpc: -32603, http: 401, title: 'The dashboard is locked.' },
  unlock_refused: {
    exit: 1,
    rpc: -32603,
    http: 401,
    title: 'The code is wrong, was used before, or is older than 30 seconds.',
  },
  not_permitted: { exit: 1, rpc: -32603, http: 403, title: 'This caller may not do that.' },
  origin_refused: {
    exit: 1,
    rpc: -32603,
    http: 403,
    title: 'The request does not come from the dashboard itself.',
  },
  not_found: { exit: 1, rpc: -32603, http: 404, title: 'There is nothing of that name.' },
  instance_ambiguous: { exit: 2, rpc: -32603, http: 409, title: 'Several instances of the proxy run.' },
  proxy_disconnected: { exit: 1, rpc: -32603, http: 503, title: 'The proxy does not run.' },
  proxy_unanswering: { exit: 1, rpc: -32603, http: 504, title: 'No answer came in time.' },
  protocol_incompatible: {
    exit: 1,
    rpc: -32603,
    http: 412,
    title: 'The two programs speak no common version of the API.',
  },
  approval_changed: {
    exit: 1,
    rpc: -32603,
    http: 409,
    title: 'What is asked for is not what was shown.',
  },
  approval_over: { exit: 1, rpc: -32603, http: 409, title: 'The question is over.' },
  channel_refused: {
    exit: 1,
    rpc: -32603,
    http: 403,
    title: 'The rule wants this answered in another way.',
  },
  reach_refused: {
    exit: 2,
    rpc: -32603,
    http: 422,
    title: 'The rule does not let an approval reach that far.',
  },
  launch_unconfirmed: {
    exit: 16,
    rpc: -32066,
    http: 409,
    title: 'What the proxy would start has not been confirmed by a person.',
  },
  manager_not_running: { exit: 1, rpc: -32603, http: 503, title: 'The manager does not run.' },
  manager_unanswering: { exit: 1, rpc: -32603, http: 504, title: 'The manager does not answer in time.' },
  manager_running: { exit: 1, rpc: -32603, http: 409, title: 'A manager runs already.' },
  manager_not_started: { exit: 1, rpc: -32603, http: 500, title: 'The manager could not be started.' },
  manager_not_stopped: { exit: 1, rpc: -32603, http: 500, title: 'The manager could not be ended.' },
  port_in_use: { exit: 1, rpc: -32603, http: 500, title: 'The port is in use by another program.' },
  history_unavailable: {
    exit: 1,
    rpc: -32603,
    http: 503,
    title: 'The history cannot be used; journals and live state are not affected.',
  },
  // What keeps a program from doing its work.
  usage: { exit: 2, rpc: -32603, http: 400, title: 'The command was not understood.' },
  config_invalid: { exit: 16, rpc: -32065, http: 422, title: 'The configuration is not valid.' },
  policy_invalid: { exit: 16, rpc: -32065, http: 422, title: 'The policy is not valid.' },
  proxy_unknown: { exit: 16, rpc: -32065, http: 404, title: 'There is no proxy of that name.' },
  proxy_exists: { exit: 1, rpc: -32065, http: 409, title: 'A proxy of that name exists already.' },
  stale_edit: { exit: 1, rpc: -32603, http: 409, title: 'The file was changed since it was read.' },
  audit_unavailable: { exit: 10, rpc: -32063, title: 'The audit log cannot be opened.' },
  payloads_unavailable: {
    exit: 10,
    rpc: -32063,
    title: 'Redacted arguments could not be stored; their records stand without them.',
  },
  audit_tampered: { exit: 1, rpc: -32603, title: 'The audit log was tampered with.' },
  records_missing: {
    exit: 10,
    rpc: -32603,
    title: 'Records that had been seen are not in the journal any more.',
  },
  format_too_new: { exit: 16, rpc: -32065, title: 'The file was written by a newer version.' },
  unsupported_platform: { exit: 1, rpc: -32065, title: 'This platform is not supported yet.' },
  internal: { exit: 1, rpc: -32603, title: 'Something went wrong inside mcp-acp.' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** Where in a file a problem is. Lines and columns start at 1. */
export interface FilePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A promise that could not be kept. `detail` says what happened here, `fix` what the reader can do next. */
export class AcpError extends Error {
  override readonly name = 'AcpError';
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly position: FilePosition | undefined;

  constructor(
    code: ErrorCode,
    detail?: string,
    more: { fix?: string; position?: FilePosition; cause?: unknown } = {},
  ) {
    super(detail ?? errorTable[code].title, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.fix = more.fix;
    this.position = more.position;
  }

  get exitCode(): number {
    return errorTable[this.code].exit;
  }

  /** The status of an answer over the API. */
  get httpStatus(): number {
    const row: ErrorRow = errorTable[this.code];
    return row.http ?? 500;
  }
}

/** An error of ours as it is; anything else is a broken promise, with what was thrown as its cause. */
export const asAcpError = (error: unknown): AcpError =>
  error instanceof AcpError
    ? error
    : new AcpError('internal', error instanceof Error ? error.message : String(error), { cause: error });

/** The message, led by file, line and column where it does not name them itself. */
export function describePosition({ message, position }: AcpError): string {
  if (position === undefined) return message;
  const place = `${position.file}:${position.line}:${position.column}`;
  return message.includes(place) ? message : `${place}: ${message}`;
}

/** The system's own error code (`ENOSPC`, `EACCES`, …) of an exception of Node's, or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
