'use client';

import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ForeignText } from '../components/foreign-text.tsx';
import { toast } from '../components/toast.tsx';
import { currentConnection, useConnection, useConnectionProblem } from '../live/connection.ts';

/** A connection that comes back within this is not worth a word. Milliseconds. */
const bearableMs = 1_000;

/**
 * Says on every page that what is seen may be old. While that is so no link is followed: what would come from the
 * manager's address may come from another program.
 */
export function Banner() {
  const isLost = useConnection() === 'lost';
  const problem = useConnectionProblem();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) return setShown(false);
    const timer = setTimeout(() => setShown(true), bearableMs);
    return () => clearTimeout(timer);
  }, [isLost]);
  useEffect(() => {
    const hold = (event: MouseEvent): void => {
      if (currentConnection() !== 'lost' || !(event.target instanceof Element)) return;
      const href = event.target.closest('a[href]')?.getAttribute('href') ?? '';
      if (!href.startsWith('/')) return;
      event.preventDefault();
      event.stopPropagation();
      toast.warning('The connection to the manager is lost. Other pages open when it is back.', 'held-link');
    };
    document.addEventListener('click', hold, true);
    return () => document.removeEventListener('click', hold, true);
  }, []);
  if (!isShown) return null;
  return (
    <div role="alert" className="border-b border-line bg-bad-soft text-bad">
      <div className="mx-auto flex max-w-7xl items-start gap-2.5 px-4 py-2 text-sm sm:px-6">
        <WifiOff aria-hidden className="mt-0.5 size-4 shrink-0" />
        <p className="min-w-0">
          <span className="font-medium">What you see may be out of date.</span>{' '}
          {problem !== undefined && <ForeignText text={problem} max={500} />} Trying again.
        </p>
      </div>
    </div>
  );
}
