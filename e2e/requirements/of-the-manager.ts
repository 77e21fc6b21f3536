/** What the manager, the API and live state promise: texts by id. */

export const daemon = {
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

export const api = {
  'API-ACCESS':
    'Of every procedure it is said who may call it, and nobody else can; anonymous callers included.',
  'API-CONTRACT': 'Every procedure has an input and an output, and a change of either shows in review.',
  'PROCEDURE-ADDED':
    'A procedure added to the branch of live state is reached straight, through the manager and from a page, with no other edit.',
  'EVENTS-BOUNDED':
    'A subscriber that keeps up loses no event; one that does not is told to ask anew, and costs nothing.',
  'EVENTS-GAP': 'A subscriber with a filter is told of every gap that concerns it, and whose it is.',
  'EVENTS-RESUME':
    'A subscriber that comes back, over a restart of the manager too, misses nothing or is told so.',
  'API-ROUTING':
    'An operation names its proxy: unknown, not connected, silent and ambiguous ones are told apart by a code.',
  'REGISTRATION-EVENTS':
    'What an instance told before it joined, and while it was away, is not missed and not told twice.',
  'SESSION-KEPT': 'The figures of a session stay known when the manager ends while it runs.',
  'REGISTRATION-NEWER': 'The late end of an old connection never removes the new one.',
  'REGISTRATION-SILENT': 'An instance that does not answer is shown as such, and as connected once it does.',
  'REGISTRATION-REFUSED':
    'An instance that speaks no common version, or points elsewhere, is refused with a code.',
  'API-STOPPED':
    'A subscription that is stopped ends, however early the stop comes, and its place is free again.',
  'API-ENDS-IN-ORDER': 'A server that ends lets calls that came before have their answer, within a bound.',
  'API-QUIET-END': 'An end of either side is no fault in the log of the other.',
  'API-HOSTILE-ANSWERS':
    'Whatever the other side of a socket says, it ends that connection and nothing else.',
  'API-SLOW-READER':
    'A subscription that is passed on and that nobody reads is held up at the instance, and its connection stays.',
  'API-TOO-LARGE': 'What is too large is refused as that, and harms no other operation.',
  'API-UNANSWERING': 'A manager that does not answer is told from one that does not run, with what to do.',
  'API-SOCKET-CHECKED': 'Whose a socket is is looked at before each connection to it.',
} as const;

export const liveState = {
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
  'HALF-OPEN': 'A connection whose other side says nothing more is given up within 45 seconds.',
  'EVENT-TYPES': 'Every type of event that is declared is sent by a flow.',
} as const;

export const web = {
  'WEB-MATRIX':
    'What may come neither from a page of ours nor from a program of this machine is refused before it is looked at, by Host, Origin, fetch metadata, method and type.',
  'WEB-LOCKED':
    'Who has not shown both the cookie and the token of one session reads and changes nothing, over HTTP or a WebSocket.',
  'WEB-COOKIE-ALONE': 'The cookie, which reaches every port of 127.0.0.1, opens nothing by itself.',
  'WEB-MANAGER-PROVEN':
    'A page shows its token to nobody who has not proved, just before, to be its manager at the address it asked.',
  'WEB-CODE-ONCE':
    'A one-time code opens one session within 30 seconds; a second use ends that session and is an incident.',
  'WEB-CODE-GUESSED':
    'One-time codes cannot be guessed, who tries is told of, and the right one is good however many wrong ones came.',
  'WEB-SECRETS-HASHED': 'Of cookies and tokens only hashes are kept, in a file of the user’s own.',
  'WEB-SESSION-LASTS': 'Sessions survive a restart of the manager and end after 12 idle hours.',
  'WEB-REVOKED': 'A session that is ended is over at once, its WebSockets with it.',
  'WEB-ACCESS-DAMAGED': 'A damaged access.json is set aside and lets nobody in.',
  'WEB-METRICS-TOKEN': 'The metrics are read with a token of their own, which opens nothing else.',
  'WEB-NO-SECRETS': 'Codes, cookies, tokens and queries appear in no log.',
  'WEB-NO-CONFIG-SECRETS': 'Secrets of a configuration are shown by no procedure of the manager.',
  'WEB-HEADERS': 'No answer may be framed, stored, run with scripts from elsewhere, or tells where it was.',
  'WEB-LOOPBACK': 'The dashboard is reached on 127.0.0.1 and on no other address.',
  'WEB-LIMITS':
    'Heads, bodies, messages, connections, sockets and operations have bounds, and who exhausts them keeps nobody else out.',
  'WEB-LOG-FLOODED':
    'Whoever floods the port pushes nothing out of the log: strangers get a few lines a second, and what is left out is told.',
  'WEB-SOCKET': 'A page’s WebSocket carries events with ids, and goes on behind the last one it had.',
  'WEB-EARLY-STOP':
    'A subscription of a page that is stopped before it has begun is over, and takes no room.',
  'WEB-SLOW-PAGE': 'A page that does not read holds up nothing but its own events.',
  'WEB-PORT-TAKEN': 'Where the port is taken the manager says which, and what to do.',
  'WEB-TEXT-IS-TEXT': 'What others wrote is shown as text, with what is invisible made visible.',
  'WEB-DASHBOARD':
    'The exported dashboard is served file by file from memory: deep links reach their page, hashed files are packed and kept, and no path leads out of it.',
  'WEB-FOREIGN-PAGE': 'A page of a foreign origin in a real browser reads and changes nothing.',
  'WEB-OWN-PAGE':
    'The page unlocks with a code and shows proxies and events, in a real browser without a complaint.',
  'METRICS-COUNTED': 'Metrics say what the events and figures of the proxies say.',
  'METRICS-BOUNDED': 'However many names there are, the metrics keep a bounded number of them.',
} as const;

export const history = {
  'HISTORY-VERIFIED':
    'Journals are verified while they are projected; a tampered one is told, and the others go on.',
  'APPROVALS-GATHERED':
    'What waits for a person is asked of all instances at once, within a bounded time, and it is said which were not heard.',
  'APPROVALS-WATCHED':
    'Proxies are told how many pages and other readers would see their questions and can answer them.',
  'LAUNCH-UNCONFIRMED':
    'What a page prepared to be started starts nothing, and nothing a page can do confirms it: a person does, outside the browser, who has seen all of it.',
  'CONFIG-BY-PAGE':
    'A page changes settings that are for pages, several at once or none, of the version it has read; never what is started or reached, or where the record lies.',
  'SERVER-CHECKED': 'A server is asked for its tools through its proxy, for a bounded time.',
  'AUDIT-LIVE':
    'A journal is verified with its progress told; everything else has its turn meanwhile, and whoever leaves ends it.',
  'STORAGE-SHOWN': 'What the installation takes on the disk is told by what it is.',
  'HISTORY-APPROVALS':
    'What was asked of a person is found in the history: by tool, client, rule, answer, and by their words.',
  'HISTORY-RULE-HITS':
    'Rules are counted by the decisions they made since a time, and when they made the last.',
  'HISTORY-LAST-APPROVED':
    'The last call of a tool that a person let through is told with its arguments, where they are kept.',
  'HISTORY-INCIDENT-FILES':
    'Failed starts, crashes and what was told while no journal could be written are among the incidents, once.',
  'HISTORY-INCIDENTS-READ':
    'Incidents that were seen are marked, within bounds, and none is that has not come yet.',
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
