import type { LogEntry } from '@mcp-acp/admin/read-logs';
import type { ApprovalBody, DecisionBody, JournalRecord, SessionBody } from '@mcp-acp/shared/journal-record';
import { visible } from '@mcp-acp/shared/visible';
import type { Style } from '../../output/style.ts';

/** How a record is named on a command line: the start of its instance's random part, and its number. */
export const recordId = ({ instance, seq }: JournalRecord): string =>
  `${visible(instance.replace('inst_', '').slice(0, 6), 8)}:${seq}`;

/** A record as one line. Everything in it may be a foreign party's word. */
export function logLine(entry: LogEntry, style: Style): string {
  const { record } = entry;
  const time = visible(record.time, 32).replace('T', ' ').replace(/Z$/, '');
  return `${style.dim(time)}  ${recordId(record).padEnd(10)}  ${saying(entry, style)}`;
}

function saying({ record, outcome, payload }: LogEntry, style: Style): string {
  switch (record.type) {
    case 'decision': {
      const subject = record.tool ?? record.prompt ?? record.resource;
      const what = [record.method ?? '(unreadable)', ...(subject === undefined ? [] : [subject])];
      const how = outcome === undefined ? '' : ` → ${outcome.status} ${outcome.durationMs.toFixed(1)} ms`;
      const why = ` ${reasonOf(record)}`.trimEnd();
      const args = payload === undefined ? '' : `  ${visible(payload, 160)}`;
      const text = `${painted(record.disposition, style)}  ${what.map((word) => visible(word, 80)).join(' ')}`;
      return `${text}${visible(why, 120)}${how}${style.dim(args)}`;
    }
    case 'outcome':
      return `outcome of :${record.decision}  ${record.status} ${record.durationMs.toFixed(1)} ms`;
    case 'session':
      return sessionText(record);
    case 'policy':
    case 'config':
      return `${record.type} ${record.event}  version ${visible(record.version.slice(0, 12), 12)}${record.problem === undefined ? '' : `  ${visible(record.problem)}`}`;
    case 'approval':
      return approvalText(record);
    case 'tool':
      return `tool ${record.event}  ${visible(record.tool, 80)}`;
    case 'recovered':
      return `recovered  ${record.cutBytes} bytes cut`;
    case 'incident':
      return `${style.red('incident')}  ${record.code}: ${visible(record.detail)}`;
  }
}

function approvalText({ event, approval, grant, tool, method, channel, detail }: ApprovalBody): string {
  const what = tool ?? method;
  const said = [
    `approval ${event.replaceAll('_', ' ')}`,
    ...(what === undefined ? [] : [visible(what, 80)]),
    ...(channel === undefined ? [] : [`(${visible(channel, 20)})`]),
    ...[approval, grant].flatMap((id) => (id === undefined ? [] : [visible(id, 32)])),
    ...(detail === undefined ? [] : [`"${visible(detail, 200)}"`]),
  ];
  return said.join('  ');
}

function sessionText({ event, state, error, client, reason }: SessionBody): string {
  if (event === 'backend') {
    const why = error === undefined ? '' : `  ${visible(error, 200)}`;
    return `backend ${visible(state ?? 'unknown', 20)}${why}`;
  }
  const by = client === undefined ? '' : ` by ${visible(client, 80)}`;
  return `session ${event}${by}${reason === undefined ? '' : ` (${visible(reason, 80)})`}`;
}

/** The rule that decided; where something else did, what. */
function reasonOf({ decidedBy, reason }: DecisionBody): string {
  const byRule = reason === undefined || reason === 'policy_denied' || reason === 'nobody_could_be_asked';
  if (decidedBy !== undefined && byRule) return `by ${decidedBy}`;
  return reason === undefined ? '' : `(${reason})`;
}

function painted(disposition: string, style: Style): string {
  const word = disposition.padEnd(10);
  if (disposition === 'forwarded' || disposition === 'observed') return style.green(word);
  return disposition === 'cancelled' ? word : style.red(word);
}
