import type { HistoryRecord, RecordPage } from '../answers.ts';
import { firstLanes, type Lane, readMerged } from './merge-pages.ts';

/** So many records are exported at most; what is older is left out, and that is told. */
export const mostExported = 20_000;

export interface Collected {
  readonly records: readonly HistoryRecord[];
  /** There were more than the bound allows. */
  readonly isCut: boolean;
}

/** Everything a question finds, newest first, up to the bound. Ends early with the signal, with what there is. */
export async function collectRecords(options: {
  readonly types: readonly string[];
  readonly read: (type: string, cursor: string | undefined) => Promise<RecordPage>;
  readonly onProgress: (records: number) => void;
  readonly signal: AbortSignal;
  readonly most?: number;
}): Promise<Collected> {
  const { types, read, onProgress, signal, most = mostExported } = options;
  const records: HistoryRecord[] = [];
  let lanes: readonly Lane[] | undefined = firstLanes(types);
  while (lanes !== undefined && !signal.aborted) {
    const page = await readMerged(lanes, read);
    for (const record of page.records) {
      if (records.length === most) return { records, isCut: true };
      records.push(record);
    }
    onProgress(records.length);
    lanes = page.next;
  }
  return { records, isCut: false };
}
