import type { RecordBody } from '@mcp-acp/shared/journal-record';

type Take = (seq: number, timeMs: number, body: RecordBody) => void;

/** Hands records to something that is loaded later. */
export interface RecordTap {
  readonly take: Take;
  /** Gives what has come, as far as it is kept, and from now on what comes. */
  open(take: Take): void;
  /** Nobody will take them. */
  close(): void;
}

/** Records that wait to be taken. */
const mostHeld = 2048;

export function createRecordTap(): RecordTap {
  let held: Parameters<Take>[] = [];
  let give: Take = (...record) => {
    if (held.length < mostHeld) held.push(record);
  };
  return {
    take: (seq, timeMs, body) => give(seq, timeMs, body),
    open: (take) => {
      give = take;
      for (const record of held) take(...record);
      held = [];
    },
    close: () => {
      give = () => undefined;
      held = [];
    },
  };
}
