'use client';

import { StatusDot } from '../components/badge.tsx';
import { shownText } from '../components/foreign-text.tsx';
import { type Connection, useConnection, useConnectionProblem } from '../live/connection.ts';

const words: Readonly<Record<Connection, string>> = {
  connected: 'Connected',
  connecting: 'Connecting',
  lost: 'Connection lost',
  locked: 'Locked',
};
const tones = { connected: 'good', connecting: 'warn', lost: 'bad', locked: 'neutral' } as const;

/** Whether what is seen is what is. */
export function ConnectionState() {
  const connection = useConnection();
  const problem = useConnectionProblem();
  return (
    <div
      role="status"
      aria-label="Connection"
      title={problem === undefined ? undefined : shownText(problem, 500)}
      className="flex items-center gap-2 whitespace-nowrap px-1.5 text-xs text-muted"
    >
      <StatusDot tone={tones[connection]} pulsing={connection === 'connecting' || connection === 'lost'} />
      {words[connection]}
    </div>
  );
}
