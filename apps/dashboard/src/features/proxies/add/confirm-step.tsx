'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { StatusDot } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { Loading } from '../../../components/skeleton.tsx';

/** How often it is asked whether the launch was confirmed. Milliseconds. */
const askMs = 1_500;

/** A page must not be able to start programs, so a person says yes where no page is: in a terminal or a dialog. */
export function ConfirmStep({
  name,
  onConfirmed,
}: {
  readonly name: string;
  readonly onConfirmed: () => void;
}) {
  const api = useApi();
  const { data: launch, error } = useQuery(
    api.proxies.launch.queryOptions({ proxy: name }, { refetchInterval: askMs, staleTime: 0 }),
  );
  const ask = useMutation(api.proxies.askToConfirm.mutationOptions());
  const isConfirmed = launch?.confirmed === true;
  useEffect(() => {
    if (isConfirmed) onConfirmed();
  }, [isConfirmed, onConfirmed]);
  if (error !== null && launch === undefined) return <ErrorPanel error={error} />;
  if (launch === undefined) return <Loading />;
  return (
    <div className="space-y-4">
      <div>
        <p className="mb-1.5 text-xs font-medium">What {name} will start on this machine</p>
        <p className="rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5">
          <ForeignText text={launch.shown} max={20_000} />
        </p>
        {launch.cwd !== undefined && (
          <p className="mt-1 text-xs text-muted">
            in <ForeignText text={launch.cwd} max={4_096} className="font-mono" />
          </p>
        )}
        {launch.environment.length > 0 && (
          <p className="mt-1 text-xs text-muted">
            with <ForeignText text={launch.environment.join(', ')} max={4_096} className="font-mono" /> of the
            client
          </p>
        )}
      </div>
      <div>
        <p className="mb-1.5 text-sm">
          No web page may start programs here, so confirm it outside the browser. Run in a terminal:
        </p>
        <CodeBlock code={launch.confirm} label="Copy the command" />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={ask.isPending} onClick={() => ask.mutate({ proxy: name })}>
          Ask me in a system dialog
        </Button>
        <p role="status" className="flex items-center gap-2 text-xs text-muted">
          <StatusDot tone="warn" pulsing />
          {waitingWords(ask.data?.answer, ask.isPending)}
        </p>
      </div>
    </div>
  );
}

function waitingWords(answer: 'confirmed' | 'refused' | 'no_dialog' | undefined, isAsking: boolean): string {
  if (isAsking) return 'A dialog of the system asks you…';
  if (answer === 'refused') return 'It was not confirmed in the dialog. The command above still confirms it.';
  if (answer === 'no_dialog') return 'No dialog can be shown here; use the command.';
  return 'Waiting until it is confirmed…';
}
