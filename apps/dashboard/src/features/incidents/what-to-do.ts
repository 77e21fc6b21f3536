import type { ErrorCode } from '@mcp-acp/shared/errors';

interface Advice {
  /** What it is, in the words of who meets it. */
  readonly title: string;
  readonly steps: readonly string[];
}

/** What a person does about an incident, by its code. `NAME` stands for the proxy. */
const advice: Partial<Record<ErrorCode, Advice>> = {
  audit_tampered: {
    title: 'The audit log was changed by someone else than mcp-acp',
    steps: [
      'Do not delete anything: the broken file is the evidence.',
      'See where it breaks: mcp-acp audit verify --proxy NAME',
      'Find out who or what writes in the log folder. Calls go on being recorded in a new stream.',
    ],
  },
  audit_unavailable: {
    title: 'The audit log could not be opened',
    steps: [
      'Without it nothing is called. Look at the free space and at who owns the log folder.',
      'Then restart the client.',
    ],
  },
  journal_unavailable: {
    title: 'The journal could not be written, so nothing was called',
    steps: [
      'Make room on the disk, or mend what the detail names.',
      'The proxy goes on by itself once it can write; calls refused meanwhile did not run.',
    ],
  },
  outcome_unrecorded: {
    title: 'A call ran, and its outcome could not be recorded',
    steps: [
      'Make room on the disk.',
      'The result was withheld from the agent; look at the backend for what the call did.',
    ],
  },
  records_missing: {
    title: 'Records that had been seen are not in the journal any more',
    steps: [
      'After a power failure the last moments of a journal may be lost; then this is all.',
      'Otherwise look who can write in the log folder, and run: mcp-acp audit verify --proxy NAME',
    ],
  },
  payloads_unavailable: {
    title: 'Arguments of calls could not be kept',
    steps: [
      'Make room on the disk. The decisions themselves are recorded.',
      'Calls of this time count as unknown when a policy is replayed.',
    ],
  },
  history_unavailable: {
    title: 'The searchable history cannot be used',
    steps: ['Journals and decisions are not affected. Make the history anew: mcp-acp history rebuild'],
  },
  backend_exited: {
    title: 'A backend ended while its client was there',
    steps: [
      'Restart the client, which starts it anew.',
      'What it wrote last is in stderr.log of the proxy. Try it: mcp-acp debug list --proxy NAME',
    ],
  },
  backend_not_started: {
    title: 'A backend could not be started',
    steps: ['See what is started, and mend it: mcp-acp config edit --proxy NAME', 'Then restart the client.'],
  },
  internal: {
    title: 'Something inside mcp-acp broke',
    steps: [
      'Restart the client, which starts the proxy anew.',
      'If it comes again, keep the detail: it says where it broke.',
    ],
  },
  too_many_requests: {
    title: 'Somebody tried many wrong codes to unlock the dashboard',
    steps: [
      'If it was not you, another program of this machine tries to get in. Look at what runs.',
      'Revoke sessions you do not know under Settings.',
    ],
  },
  unlock_refused: {
    title: 'A code that unlocks the dashboard was used twice',
    steps: [
      'Both sessions were ended, so that a stolen code is of no use. Open the dashboard again: mcp-acp manager open',
      'If you did not use it twice, another program of this machine read it.',
    ],
  },
  port_in_use: {
    title: 'Another program has the dashboard’s port',
    steps: ['See what listens there, end it or choose another port under Settings, and restart the manager.'],
  },
  config_invalid: {
    title: 'A configuration is not valid',
    steps: ['The one before stays in force. See what is wrong: mcp-acp config validate --proxy NAME'],
  },
  policy_invalid: {
    title: 'A policy is not valid',
    steps: ['The one before stays in force. See what is wrong: mcp-acp policy check --proxy NAME'],
  },
  protocol_incompatible: {
    title: 'A proxy and the manager are of different versions',
    steps: ['Restart the older of the two: mcp-acp manager stop, or the MCP client.'],
  },
  manager_not_started: {
    title: 'A proxy could not start the manager',
    steps: ['Proxies work without it. Start it by hand to see why: mcp-acp manager start'],
  },
  format_too_new: {
    title: 'A file was written by a newer version',
    steps: ['Update mcp-acp to the newest of the versions that are installed.'],
  },
};

const anything: readonly string[] = [
  'The detail says what happened. If it comes again, look at the proxy’s activity around that time.',
];

/** What is said about a code, with the proxy's name put in where a command wants it. */
export function whatToDo(code: string, proxy: string | undefined): Advice {
  const known = Object.hasOwn(advice, code) ? advice[code as ErrorCode] : undefined;
  const steps = (known?.steps ?? anything).map((step) => step.replace('NAME', proxy ?? 'NAME'));
  return { title: known?.title ?? code.replaceAll('_', ' '), steps };
}

/** Codes one can filter by. */
export const knownCodes = Object.keys(advice).sort() as readonly ErrorCode[];
