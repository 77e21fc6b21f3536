/**
 * What the product promises, as data. A test cites what it proves by `[ID]` in its title (`verifies('ID', '…')` in this
 * room, the text itself elsewhere); one that no test cites fails `test/requirements.test.ts`.
 */
export interface Requirement {
  readonly text: string;
  /** Where it is promised. */
  readonly source: string;
}

const from = (source: string, promises: Readonly<Record<string, string>>): Record<string, Requirement> =>
  Object.fromEntries(Object.entries(promises).map(([id, text]) => [id, { text, source }]));

const deciding = {
  'DEFAULT-DENY': 'An access request that no rule speaks of is denied.',
  'DENY-BEATS-ASK-BEATS-ALLOW':
    'Of all rules that match, the strictest effect decides, in whatever order they are.',
  'GUARD-THROWS-DENIES': 'A guard that throws denies.',
} as const;

const strictness = {
  'STRICT-DUPLICATE-KEYS':
    'A message with the same key twice in one object, at any depth, is refused at once.',
  'STRICT-UTF8': 'A message that is not valid UTF-8 is refused at once.',
  'STRICT-BOM': 'A message that begins with a byte order mark is refused at once.',
  'STRICT-CASE-TWINS': 'Wrong-case twins of protocol keys are refused at once.',
  'STRICT-NESTING': 'Nesting over 64 is refused at once.',
  'STRICT-OVERSIZE': 'A message over the limit is refused at once.',
  'WIRE-BYTES': 'Every other message reaches the other side byte for byte.',
} as const;

const recording = {
  'INTENT-DURABLE': 'The intent of an access request is durable before the other side sees a byte.',
  'OUTCOME-BEFORE-ANSWER': 'The outcome is in the journal before the answer leaves.',
  'FAILED-JOURNAL-REFUSES': 'With a failed journal nothing is called.',
  'FAILED-JOURNAL-CANCELS': 'With a failed journal cancellations still pass.',
  'FAILED-JOURNAL-INCIDENT': 'A failed journal leaves an incident in a second place.',
  'EXITS-RECORDED': 'Every exit is recorded: denied, malformed, limited, cancelled, timed out, backend died.',
} as const;

const answering = {
  'ONE-ANSWER': 'Each request gets exactly one answer, or a recorded cancellation.',
  'IDS-BY-TYPE': 'Ids are kept apart by type: 1 is not "1".',
  'REFUSAL-ID': 'A refusal carries the id if it is unambiguous and not in flight, else null.',
  'BATCH-RULES': 'A batch is legal in 2025-03-26 only, and is forwarded whole or not at all.',
  'BACKEND-UNREADABLE': 'A backend message that fails the check becomes one error for its id.',
  'NEVER-SPEAKS-FIRST': 'The proxy adds nothing: one message is one message, one handshake is one handshake.',
  'INPUT-REQUEST-WITHHELD': 'A result whose inputRequests hold a denied member is withheld.',
  'NAMES-CANONICAL': 'Names are made canonical once; nothing after the decision widens it.',
} as const;

const methods = {
  'METHOD-CLASSES': 'One table says which class each method of each revision has.',
  'UNKNOWN-METHOD-ACCESS': 'An unknown method is an access request.',
  'SERVER-REQUESTS-JUDGED': 'Sampling, elicitation and roots from the backend are judged too.',
  'BOTH-ERAS': 'The stateful and the stateless era are read from what the client sends.',
} as const;

const policy = {
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

const journal = {
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

const asking = {
  'ASK-NOBODY': 'With nobody to ask, an ask is refused at once and recorded as such.',
  'RATE-LIMIT': 'A rate limit that trips asks or denies, never silently drops.',
} as const;

const files = {
  'HOME-MOVES': 'MCP_ACP_HOME moves everything.',
  'HOME-PRIVATE': 'Directories are 0700 and files 0600.',
  'ATOMIC-WRITES': 'Files are written as temp, fsync, rename.',
  'CONFIG-STRICT': 'Unknown keys are errors.',
  'NEWER-FORMAT': 'An older binary refuses a newer format clearly.',
  'PROXY-NAMES': 'Proxy names follow the rule; reserved ones are refused.',
} as const;

const exits = {
  'EXIT-CODES': 'Exit codes come from one table.',
  'VERIFY-CODES': 'audit verify exits 0 intact, 1 tampered, 2 unable to verify.',
} as const;

const badInput = {
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

const done = {
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

const flows = {
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

const http = {
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

const daemon = {
  'RUN-DIR':
    'Sockets lie in a folder that is checked for owner, type and mode, and are checked before they are connected to.',
  'MANAGER-ONE': 'Of many programs that start a manager at once one does, and all find it.',
  'MANAGER-START-FAILS':
    'A manager that cannot start says why to whoever started it, with what to do; a port in use is named.',
  'MANAGER-SIGNALS':
    'SIGTERM and SIGINT end it in order within seconds, a second one at once; being killed leaves nothing in the way.',
  'MANAGER-IDLE': 'Without proxies, pages and operations it ends after the time the settings say.',
  'CLI-LIVE':
    'The command line shows the live state of what runs: from the manager, else from each instance itself, else from files.',
  'MANAGER-TOKENS':
    'Tokens for the metrics and the sessions of browsers are made, listed and taken back from the command line.',
  'HISTORY-COMMANDS': 'The history is searched and made anew from the command line.',
  'EVENTS-TAIL':
    'Events are followed through the manager, through its restart, and without it, each told once.',
  'SYSTEM-LOG':
    'The system log is bounded, private, one JSON object a line, and never the reason for a failure.',
  'MANAGER-STALE':
    'What a dead manager left (lock, pid file, socket) is in nobody’s way, and a reused process id is not taken for it.',
  'MANAGER-BROWSER':
    'The dashboard is opened only where there is a screen and no page, never through a shell, and its secret is in no argument.',
  'MANAGER-CLEAN-ENV': 'The manager gets a short environment, and no secret is in its arguments.',
  'MANAGER-SERVICE': 'The files that start the manager at login are what systemd and launchd expect.',
} as const;

const api = {
  'API-ACCESS':
    'Of every procedure it is said who may call it, and nobody else can; anonymous callers included.',
  'API-CONTRACT': 'Every procedure has an input and an output, and a change of either shows in review.',
  'PROCEDURE-ADDED':
    'A procedure added to the branch of live state is reached straight, through the manager and from a page, with no other edit.',
  'EVENTS-BOUNDED':
    'A subscriber that keeps up loses no event; one that does not is told to ask anew, and costs nothing.',
  'EVENTS-RESUME':
    'A subscriber that comes back, over a restart of the manager too, misses nothing or is told so.',
  'API-ROUTING':
    'An operation names its proxy: unknown, not connected, silent and ambiguous ones are told apart by a code.',
  'REGISTRATION-EVENTS':
    'What an instance told before it joined, and while it was away, is not missed and not told twice.',
  'REGISTRATION-NEWER': 'The late end of an old connection never removes the new one.',
  'REGISTRATION-SILENT': 'An instance that does not answer is shown as such, and as connected once it does.',
  'REGISTRATION-REFUSED':
    'An instance that speaks no common version, or points elsewhere, is refused with a code.',
} as const;

const liveState = {
  'LIVE-STATUS':
    'A running instance tells its state from memory: client, backend, tools, versions, what waits.',
  'LIVE-COUNTS': 'What an instance counts is what its journal says, also when records were lost.',
  'STATISTICS-EXACT':
    'Median and 95th percentile are within 5 % of the exact ones, and figures can be added.',
  'LIVE-EVENTS': 'What is recorded is told live, bounded, with the record that says it.',
  'LIVE-RESUME': 'A reader of events that comes back gets what it missed, or is told that it is gone.',
  'LIVE-SOCKET':
    'Each instance has a socket of its own that this user alone can open; the proxy’s name leads to a live one.',
  'LIVE-APART': 'Live state that cannot be served is told and recorded, and never ends a session.',
  'PROXY-DISABLED':
    'A proxy that is switched off does not start, and refuses every request while it runs, with the reason.',
  'CONFIG-RELOAD':
    'A change of the configuration takes effect at once where it can, and is said to wait for a start where not.',
  'MANAGER-JOINED':
    'An instance joins the manager by itself, whichever came first, and again after it was gone.',
  'MANAGER-LOST': 'When the manager is lost the person is told once how to bring it back; calls go on.',
  'MANAGER-AUTO-START':
    'The first proxy that finds no manager starts one, unless it is headless or the settings forbid it.',
  'TRACES-JOINED':
    'Spans follow the conventions for MCP, belong to the trace the client names, and nothing is put into messages.',
  'TRACES-QUIET':
    'Without a receiver that is configured there are no traces; one that is away disturbs nothing.',
  'MANAGER-KILLED':
    'A manager killed at any moment leaves proxies that enforce and record, and join the next one by themselves.',
  'HISTORY-COMPLETE': 'After a restart the history has every record of the journals once, and none besides.',
  'EVENTS-SEEN': 'The command line and a page see what happens in every proxy as it happens.',
  'EVENT-TYPES': 'Every type of event that is declared is sent by a flow.',
} as const;

const web = {
  'WEB-MATRIX':
    'What may come neither from a page of ours nor from a program of this machine is refused before it is looked at, by Host, Origin, fetch metadata, method and type.',
  'WEB-LOCKED':
    'Who has not shown both the cookie and the token of one session reads and changes nothing, over HTTP or a WebSocket.',
  'WEB-COOKIE-ALONE': 'The cookie, which reaches every port of 127.0.0.1, opens nothing by itself.',
  'WEB-CODE-ONCE':
    'A one-time code opens one session within 30 seconds; a second use ends that session and is an incident.',
  'WEB-CODE-GUESSED': 'One-time codes cannot be guessed, and who tries is slowed down and told of.',
  'WEB-SECRETS-HASHED': 'Of cookies and tokens only hashes are kept, in a file of the user’s own.',
  'WEB-SESSION-LASTS': 'Sessions survive a restart of the manager and end after 12 idle hours.',
  'WEB-REVOKED': 'A session that is ended is over at once, its WebSockets with it.',
  'WEB-ACCESS-DAMAGED': 'A damaged access.json is set aside and lets nobody in.',
  'WEB-METRICS-TOKEN': 'The metrics are read with a token of their own, which opens nothing else.',
  'WEB-NO-SECRETS': 'Codes, cookies, tokens and queries appear in no log.',
  'WEB-HEADERS': 'No answer may be framed, stored, run with scripts from elsewhere, or tells where it was.',
  'WEB-LOOPBACK': 'The dashboard is reached on 127.0.0.1 and on no other address.',
  'WEB-LIMITS':
    'Heads, bodies, messages, connections, sockets and operations have bounds, and who exhausts them keeps nobody else out.',
  'WEB-SOCKET': 'A page’s WebSocket carries events with ids, and goes on behind the last one it had.',
  'WEB-SLOW-PAGE': 'A page that does not read holds up nothing but its own events.',
  'WEB-PORT-TAKEN': 'Where the port is taken the manager says which, and what to do.',
  'WEB-TEXT-IS-TEXT': 'What others wrote is shown as text, with what is invisible made visible.',
  'WEB-FOREIGN-PAGE': 'A page of a foreign origin in a real browser reads and changes nothing.',
  'WEB-OWN-PAGE':
    'The page unlocks with a code and shows proxies and events, in a real browser without a complaint.',
  'METRICS-COUNTED': 'Metrics say what the events and figures of the proxies say.',
  'METRICS-BOUNDED': 'However many names there are, the metrics keep a bounded number of them.',
} as const;

const history = {
  'HISTORY-VERIFIED':
    'Journals are verified while they are projected; a tampered one is told, and the others go on.',
  'HISTORY-NO-GAP': 'Whenever the projection dies, no record is missing afterwards and none is there twice.',
  'HISTORY-SAME-ROWS': 'The rows do not depend on the order and the size of what was read at once.',
  'HISTORY-TAKEN-BACK': 'What a disk did not keep of a journal does not stay in the history.',
  'HISTORY-REMOVED': 'What a removed proxy left is in the history until it is too old.',
  'HISTORY-CURRENT': 'What a proxy records is in the history soon after.',
  'HISTORY-SEARCH': 'Every query gives each record that matches once, newest first, page by page.',
  'HISTORY-SERIES': 'The series by minute count what the live statistics count.',
  'HISTORY-DETAIL': 'A record is shown from its journal, checked, with its outcome and its arguments.',
  'HISTORY-RETENTION':
    'The history keeps within its days and its size, and does not read again what it let go.',
  'HISTORY-MIGRATIONS': 'Every released format of the history is brought up to date; a newer one is refused.',
  'HISTORY-DATABASE-CORRUPT':
    'A broken database is set aside, said in the log, and made anew from the journals.',
  'HISTORY-DATABASE-LOCKED': 'A database that another program holds is waited for, then refused with a code.',
  'HISTORY-OPTIONAL': 'Where SQLite is not installed it is said what to install.',
  'HISTORY-UNAVAILABLE': 'Without a history everything else of the manager works, and it is tried again.',
  'HISTORY-REBUILD':
    'The history can be made anew to the identical rows; interrupted, the old one stays in use.',
  'EVENT-LOG':
    'Live events outlive the manager as far as they are kept, with no hole that nobody is told of.',
} as const;

const groups = {
  ...deciding,
  ...strictness,
  ...recording,
  ...answering,
  ...methods,
  ...policy,
  ...journal,
  ...asking,
  ...files,
  ...exits,
  ...badInput,
  ...done,
  ...flows,
  ...http,
  ...daemon,
  ...liveState,
  ...api,
  ...web,
  ...history,
};

export type RequirementId = keyof typeof groups;

export const requirements: Readonly<Record<string, Requirement>> = {
  ...from('design §3.1', deciding),
  ...from('design §3.2', strictness),
  ...from('design §3.3 and §3.4', recording),
  ...from('design §3.5 to §3.7', answering),
  ...from('design §3, classes of methods', methods),
  ...from('design §4', policy),
  ...from('design §5', journal),
  ...from('design §4 and §6', asking),
  ...from('design §7', files),
  ...from('design §8', exits),
  ...from('core, bad input', badInput),
  ...from('core, done when', done),
  ...from('design §3, both eras first class', flows),
  ...from('design §3.6 and the transports', http),
  ...from('design §1, live state of a proxy', liveState),
  ...from('design §1 and §7, the manager as a process', daemon),
  ...from('design §1, the router', api),
  ...from('design §1, the dashboard’s door', web),
  ...from('manager, history', history),
};

/** The title of a test that proves a requirement, or several. */
export const verifies = (ids: RequirementId | readonly RequirementId[], title: string): string =>
  `${(typeof ids === 'string' ? [ids] : ids).map((id) => `[${id}]`).join('')} ${title}`;

/** Requirements that no test proves yet. It shrinks only, and an entry that a test cites is an error. */
export const notYetProven: readonly RequirementId[] = [];
