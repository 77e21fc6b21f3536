'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import type { HistoryRecord } from '../answers.ts';
import { changeInWords } from './change-words.ts';
import { journalFields } from './journal-fields.ts';
import { wordsOfRecord } from './record-words.ts';

const isChange = ({ type }: HistoryRecord): boolean => type === 'policy' || type === 'config';

/** What changed stands in the record itself, which is read for each row in sight. */
export function useRecordWords(record: HistoryRecord) {
  const { proxy, instance, seq } = record;
  const api = useApi();
  const { data } = useQuery(
    api.history.record.queryOptions(
      { proxy, instance, seq },
      { enabled: isChange(record), staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const words = wordsOfRecord(record);
  const fields = journalFields(data?.record);
  return isChange(record) && fields !== undefined ? { ...words, ...changeInWords(fields) } : words;
}
