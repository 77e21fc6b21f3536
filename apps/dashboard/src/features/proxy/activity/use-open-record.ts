'use client';

import { useCallback, useMemo } from 'react';
import { usePageQuery } from '../use-page-query.ts';

/** A record of one proxy by its instance and its number there. */
export interface OpenRecord {
  readonly instance: string;
  readonly seq: number;
}

const form = /^(inst_[a-z2-7]{16})\.(\d{1,15})$/;

/** Which record's drawer is open, as the address says (`record=inst_….12`): a link to a record opens it. */
export function useOpenRecord(): readonly [OpenRecord | undefined, (record: OpenRecord | undefined) => void] {
  const [query, change] = usePageQuery();
  const text = query.get('record') ?? '';
  const opened = useMemo(() => {
    const match = form.exec(text);
    return match === null ? undefined : { instance: match[1] ?? '', seq: Number(match[2]) };
  }, [text]);
  const open = useCallback(
    (record: OpenRecord | undefined) =>
      change((query) => {
        if (record === undefined) query.delete('record');
        else query.set('record', `${record.instance}.${record.seq}`);
        return query;
      }),
    [change],
  );
  return [opened, open];
}
