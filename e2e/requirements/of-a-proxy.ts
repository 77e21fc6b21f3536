/** What one proxy promises: texts by id. */

export const deciding = {
  'DEFAULT-DENY': 'An access request that no rule speaks of is denied.',
  'DENY-BEATS-ASK-BEATS-ALLOW':
    'Of all rules that match, the strictest effect decides, in whatever order they are.',
  'GUARD-THROWS-DENIES': 'A guard that throws denies.',
} as const;

export const strictness = {
  'STRICT-DUPLICATE-KEYS':
    'A message with the same key twice in one object, at any depth, is refused at once.',
  'STRICT-UTF8': 'A message that is not valid UTF-8 is refused at once.',
  'STRICT-BOM': 'A message that begins with a byte order mark is refused at once.',
  'STRICT-CASE-TWINS': 'Wrong-case twins of protocol keys are refused at once.',
  'STRICT-NESTING': 'Nesting over 64 is refused at once.',
  'STRICT-OVERSIZE': 'A message over the limit is refused at once.',
  'WIRE-BYTES': 'Every other message reaches the other side byte for byte.',
} as const;

export const recording = {
  'INTENT-DURABLE': 'The intent of an access request is durable before the other side sees a byte.',
  'OUTCOME-BEFORE-ANSWER': 'The outcome is in the journal before the answer leaves.',
  'FAILED-JOURNAL-REFUSES': 'With a failed journal nothing is called.',
  'FAILED-JOURNAL-CANCELS': 'With a failed journal cancellations still pass.',
  'FAILED-JOURNAL-INCIDENT': 'A failed journal leaves an incident in a second place.',
  'EXITS-RECORDED': 'Every exit is recorded: denied, malformed, limited, cancelled, timed out, backend died.',
} as const;

export const answering = {
  'ONE-ANSWER': 'Each request gets exactly one answer, or a recorded cancellation.',
  'IDS-BY-TYPE': 'Ids are kept apart by type: 1 is not "1".',
  'REFUSAL-ID': 'A refusal carries the id if it is unambiguous and not in flight, else null.',
  'BATCH-RULES': 'A batch is legal in 2025-03-26 only, and is forwarded whole or not at all.',
  'BACKEND-UNREADABLE': 'A backend message that fails the check becomes one error for its id.',
  'NEVER-SPEAKS-FIRST': 'The proxy adds nothing: one message is one message, one handshake is one handshake.',
  'INPUT-REQUEST-WITHHELD': 'A result whose inputRequests hold a denied member is withheld.',
  'NAMES-CANONICAL': 'Names are made canonical once; nothing after the decision widens it.',
} as const;

export const methods = {
  'METHOD-CLASSES': 'One table says which class each method of each revision has.',
  'UNKNOWN-METHOD-ACCESS': 'An unknown method is an access request.',
  'SERVER-REQUESTS-JUDGED': 'Sampling, elicitation and roots from the backend are judged too.',
  'BOTH-ERAS': 'The stateful and the stateless era are read from what the client sends.',
} as const;

export const policy = {
  'POLICY-STRICT': 'An unknown key, effect or value is an error with file, line, column and a suggestion.',
  'POLICY-LINEAR': 'Patterns match in linear time.',
  'POLICY-CONDITIONS': 'All conditions must hold; one on a fact the exchange lacks does not match.',
  'POLICY-OPERANDS': 'Operands are found by form and by name, nested, in arrays, as file URIs.',
  'POLICY-MENTIONS': 'Deny, ask and protected paths look at mentions too; an allow needs all operands.',
  'POLICY-VERBS': 'Verbs are read by word; an unknown tool counts as the worst case.',
  'POLICY-OWN-HOME': 'The own home is a protected path that no rule can open.',
  'POLICY-EXPLAINED': 'The decision carries which rules matched and which decided.',
  'REFUSAL-SHAPES':
    'A refused tools/call is a tool result with isError and a code; others are JSON-RPC errors with a code.',
  'REFUSAL-DISCREET': 'The agent gets a short refusal without rule ids; the journal gets everything.',
  'RELOAD-KEEPS-GOOD': 'An invalid policy at reload keeps the last good one.',
  'LOOSENING-HELD': 'A loosening found by file watch is held until confirmed.',
  'POLICY-VERSIONS': 'Every version of a policy is kept and restorable; a stale save is refused.',
  'POLICY-TEMPLATES': 'The templates read-only, ask-writes, strict and allow-all do what their names say.',
} as const;

export const journal = {
  'JOURNAL-CHAIN': 'Each record is hashed as exact bytes with the hash before it.',
  'JOURNAL-LEDGER': 'The ledger records each stream, so that a missing one is found.',
  'JOURNAL-ONE-WRITER': 'Each instance writes its own stream; racing openers all get a place in the ledger.',
  'JOURNAL-GROUP-COMMIT': 'One sync covers all records that arrived while the last one ran.',
  'PAYLOAD-APART': 'No argument value is in the chain; payloads are redacted and apart.',
  'PAYLOAD-DELETABLE': 'Deleting payloads never breaks the chain.',
  'TORN-TAIL': 'A crash is a torn tail, healed by a record that keeps the cut bytes’ hash, never tampering.',
  'TAMPER-FOUND': 'A changed, deleted, moved or inserted record is found, with its first bad byte.',
  'LIVE-STREAM': 'A live stream verifies to its last complete record.',
} as const;

export const asking = {
  'ASK-NOBODY': 'With nobody to ask, an ask is refused at once and recorded as such.',
  'RATE-LIMIT': 'A rate limit that trips asks or denies, never silently drops.',
} as const;

export const files = {
  'HOME-MOVES': 'MCP_ACP_HOME moves everything.',
  'HOME-PRIVATE': 'Directories are 0700 and files 0600.',
  'ATOMIC-WRITES': 'Files are written as temp, fsync, rename.',
  'CONFIG-STRICT': 'Unknown keys are errors.',
  'NEWER-FORMAT': 'An older binary refuses a newer format clearly.',
  'PROXY-NAMES': 'Proxy names follow the rule; reserved ones are refused.',
} as const;

export const exits = {
  'EXIT-CODES': 'Exit codes come from one table.',
  'VERIFY-CODES': 'audit verify exits 0 intact, 1 tampered, 2 unable to verify.',
} as const;

export const badInput = {
  'BAD-IDS': 'Null, fractional or huge ids and a wrong jsonrpc get an error; the session lives on.',
  'OVERSIZE-MEMORY': 'A line over the limit costs at most 64 MB and the session lives on.',
  'BACKEND-MISSING': 'A missing command is said in the first answer.',
  'BACKEND-EXITS': 'A backend that exits, at start or in a call, leaves no request unanswered.',
  'BACKEND-NOISE': 'Non-JSON on stdout and a flood on stderr do no harm.',
  'BACKEND-SILENT': 'A backend that never answers is answered for.',
  'BACKEND-STALLED':
    'A backend that writes before it reads on is read on, whatever waits for it; one that never reads costs bounded memory.',
  'BACKEND-EXTRA-ANSWERS': 'A second answer and one to an unknown id do not reach the client.',
  'CLIENT-GONE':
    'A client that closes, half-closes or is killed ends the backend’s whole group and the journal properly.',
  'CLIENT-STALLED': 'A client that stops reading does not make memory grow without bound.',
  'DISK-FAILS': 'On a full, read-only or failing disk the call is refused and nothing runs unrecorded.',
  'DISK-RECOVERS': 'When space returns, calls pass again without a restart.',
  'START-BROKEN':
    'A broken policy or config at start answers the first request with the reason and exits 16.',
} as const;

export const done = {
  DEMO: 'npm start -- --auto shows allowed, denied, asked and tampering found, and exits 0.',
  'PAIR-V1-EVERYTHING': 'A v1 client and server-everything complete all flows.',
  'PAIR-V1-V2': 'A v1 client and a v2 server complete all flows.',
  'PAIR-PINNED-V2': 'A v2 client pinned to 2026-07-28 and a v2 server complete all flows.',
  'PAIR-AUTO-EVERYTHING': 'A v2 client on auto falls back with server-everything and completes all flows.',
  'GENERATED-MESSAGES':
    'At least 100,000 generated messages pass the real parts with no crash, no unanswered request and no decision that differs.',
  'MUTATED-LINES': '1,000 byte-mutated lines against the built binary leave the session alive.',
  'SUDDEN-DEATH':
    'SIGKILL at random moments during load: restart by itself, nothing acknowledged is missing, nothing is called tampering.',
  'BENCH-TABLE': 'npm run bench prints its table.',
  'SEVERAL-CLIENTS': 'Several clients may start the same proxy at once.',
  'CONFORMANCE-SUPERSET':
    'Every check of the official conformance suite that passes directly passes behind the proxy, in both eras.',
  'SERVER-MATRIX': 'Real servers answer behind the proxy as they do directly, errors included.',
  'WIRE-CORPUS':
    'Every message of the corpus, all methods of all revisions in both directions, arrives byte for byte.',
  'WIRE-CORPUS-HTTP': 'The same in front of an HTTP backend: bodies, JSON replies and events.',
  'NOTHING-LEFT': 'A proxy that ends leaves no process running.',
} as const;

export const flows = {
  'FLOW-SAMPLING': 'Sampling passes: within a call, aside of any call, and as a member of inputRequests.',
  'FLOW-ELICITATION': 'Elicitation passes, by form and by URL, and so does the error that demands a URL.',
  'FLOW-ROOTS': 'Roots are listed, and their change is told.',
  'FLOW-LOGGING': 'Log messages pass from the level the client asked for.',
  'FLOW-COMPLETION': 'Completions of prompt arguments and resource templates pass.',
  'FLOW-RESOURCE-UPDATES': 'Resource subscriptions, their updates and their end pass.',
  'FLOW-LIST-CHANGED': 'Changed lists of tools, prompts and resources are told.',
  'FLOW-PROGRESS': 'Progress passes in both directions and is counted in the outcome of its call.',
  'FLOW-CANCELLATION': 'Cancellation passes in both directions and is recorded.',
  'FLOW-TASKS': 'Tasks pass: those of 2025-11-25 and those of the extension of 2026-07-28.',
  'FLOW-CONTENT': 'Structured content, images, audio, resources and links pass.',
  'FLOW-THOUSAND-TOOLS': 'A list of 1,000 tools passes.',
  'FLOW-LARGE': 'A result of 10 MiB passes.',
  'FLOW-IN-FLIGHT': '64 calls are in flight at once.',
  'FLOW-LISTEN':
    'A listener is acknowledged and told until it closes; one that names a resource is under policy.',
  'INPUT-ROUNDS':
    'Rounds of input_required pass with their requestState untouched, each tied to the first in the journal.',
  'FLOW-BYTES': 'Every message of a flow leaves the proxy as the bytes that entered it.',
  'SDK-JUDGED': 'What leaves the proxy, its own refusals included, is valid by the official SDK’s schemas.',
} as const;

export const http = {
  'HTTP-SESSION': 'Session id and revision are sent back with everything, and DELETE ends the session.',
  'HTTP-SESSION-EXPIRED':
    'On an expired session the client’s own handshake is replayed once, the refused call sent again, and that recorded.',
  'HTTP-ORDER': 'The handshake holds up what the client sends behind it; nothing else does.',
  'HTTP-SERVER-REQUESTS':
    'What the server sends by itself arrives, on a call’s own stream and on the GET stream.',
  'HTTP-RESUMPTION':
    'A call’s stream that breaks off is taken up again behind its last event in the stateful era, and lost in the stateless one.',
  'HTTP-REPLIES': 'A reply counts the same as JSON and as a stream, however it is cut and written.',
  'HTTP-ERROR-STATUS': 'Whatever the status and the body, a request gets exactly one answer.',
  'HTTP-HOSTILE-BODY': 'A body or an event that is oversize, unreadable or hostile becomes one error.',
  'HTTP-DERIVED-HEADERS': 'The headers of 2026-07-28 are derived from the body, and from nothing else.',
  'HTTP-STATELESS-CANCEL': 'In the stateless era a cancellation closes the stream of its request.',
  'HTTP-HEADERS-SECRET': 'Configured headers arrive at the backend and appear nowhere else.',
  'HTTP-REDIRECTS': 'Redirects that keep method and body are followed within the origin, others are refused.',
  'HTTP-CONNECT-RETRIED': 'Connecting is retried, up to the configured number of attempts.',
  'HTTP-NEVER-TWICE': 'A call that may have run is never sent again.',
  'HTTP-TIMEOUTS': 'Connecting, the first byte and silence within a reply have limits of their own.',
  'HTTP-POOL': 'Connections are kept and shared, up to a limit.',
  'HTTP-BACKEND-STATE': 'The state of an HTTP backend is recorded and shown.',
  'HTTP-OLDER-TRANSPORT': 'A server that only speaks HTTP+SSE is found out and served.',
} as const;
