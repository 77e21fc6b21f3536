'use client';

import { History } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatTime } from '../../../components/format-time.ts';
import { Menu } from '../../../components/menu.tsx';
import { openPart } from '../open-part.ts';
import type { ListedCall } from './recent-calls.ts';

const shownCalls = 15;

/** The newest calls on record; choosing one fills the form. */
export function RecentCallPicker({ calls }: { readonly calls: readonly ListedCall[] }) {
  if (calls.length === 0) return null;
  return (
    <Menu
      trigger={
        <Button size="sm">
          <History aria-hidden />
          Recent calls
        </Button>
      }
      items={calls.slice(0, shownCalls).map(({ instance, seq, tool, time, effect }) => ({
        label: (
          <span className="flex w-72 max-w-[70vw] items-center gap-2">
            <ForeignText text={tool ?? ''} max={48} className="min-w-0 flex-1 truncate font-mono text-xs" />
            <span className="text-xs text-muted">{effect}</span>
            <span className="text-xs tabular-nums text-muted">{formatTime(time)}</span>
          </span>
        ),
        onSelect: () => openPart('playground', { record: `${instance}.${seq}` }),
      }))}
    />
  );
}
