import type { AuditVerdict } from '../answers.ts';

export type StreamState = AuditVerdict['streams'][number]['state'];

/** The instance whose stream it is (`<instance>.<segment>`), or undefined where it is not one of ours. */
export const instanceOf = (stream: string): string | undefined =>
  /^(inst_[a-z2-7]{16})\.\d+$/.exec(stream)?.[1];

/** As it was when the journal was read, corrected by who is connected now. */
export function stateOfStream(stream: string, read: StreamState, running: ReadonlySet<string>): StreamState {
  const instance = instanceOf(stream);
  if (instance === undefined || read === 'closed' || read === 'unknown') return read;
  return running.has(instance) ? 'live' : read;
}
