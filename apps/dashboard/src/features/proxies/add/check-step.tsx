'use client';

import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { Loading } from '../../../components/skeleton.tsx';

/** Starts the server once, through the proxy, and shows which tools it has. */
export function CheckStep({ name }: { readonly name: string }) {
  const api = useApi();
  const check = useMutation(api.proxies.check.mutationOptions({ meta: { ownError: true } }));
  const { mutate } = check;
  // An effect may run twice; the server is started once.
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    mutate({ proxy: name });
  }, [mutate, name]);
  const again = (
    <Button size="sm" onClick={() => mutate({ proxy: name })}>
      Check again
    </Button>
  );
  if (check.error !== null) return <ErrorPanel error={check.error} onRetry={() => mutate({ proxy: name })} />;
  if (check.data === undefined) {
    return (
      <>
        <p className="text-sm">Starting the server through the proxy and asking for its tools…</p>
        <Loading lines={3} className="px-0" />
      </>
    );
  }
  const { ok, tools, problem, fix } = check.data;
  if (!ok) {
    return (
      <div role="alert" className="rounded-lg border border-bad/30 bg-bad-soft p-3.5">
        <p className="flex items-start gap-2 text-sm font-medium">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
          <ForeignText text={problem ?? 'The server did not answer.'} max={1_000} />
        </p>
        {fix !== undefined && (
          <p className="mt-1 pl-6 text-sm text-muted">
            <ForeignText text={fix} max={1_000} />
          </p>
        )}
        <div className="mt-3 pl-6">{again}</div>
      </div>
    );
  }
  return (
    <section aria-label="Tools found">
      <p className="mb-2 flex items-center gap-2 text-sm font-medium">
        <CircleCheck aria-hidden className="size-4 text-good" />
        It works: {formatCounted(tools.length, 'tool')} found
      </p>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto rounded-md border border-line">
        {tools.map((tool, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a server may name two tools alike, and the list does not change.
          <li key={index} className="px-3 py-1.5">
            <ForeignText text={tool.name} max={128} className="font-mono text-xs font-medium" />
            {tool.description !== undefined && (
              <p className="line-clamp-2 text-xs text-muted">
                <ForeignText text={tool.description} max={400} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
