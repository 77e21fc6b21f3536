import type { useClient } from '../../../api/use-api.ts';
import type { RecordPage, RecordQuery } from '../answers.ts';

/** Asks the history for one type of records, page by page. */
export const recordReader =
  (client: ReturnType<typeof useClient>, query: RecordQuery, signal?: AbortSignal) =>
  (type: string, cursor: string | undefined): Promise<RecordPage> =>
    client.history.records.query(
      { ...query, type, ...(cursor === undefined ? {} : { cursor }) },
      signal === undefined ? {} : { signal },
    );
