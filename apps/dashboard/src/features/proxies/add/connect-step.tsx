'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useApi } from '../../../api/use-api.ts';
import { CodeBlock } from '../../../components/code-block.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Loading } from '../../../components/skeleton.tsx';

/** What goes into the client's configuration. */
export function ConnectStep({ name }: { readonly name: string }) {
  const api = useApi();
  const { data, error } = useQuery(api.proxies.snippet.queryOptions({ proxy: name }));
  if (error !== null) return <ErrorPanel error={error} />;
  if (data === undefined) return <Loading />;
  return (
    <div className="space-y-3">
      <p className="text-sm">Put this into the configuration of your MCP client:</p>
      <CodeBlock code={data.json} label="Copy the snippet" />
      {data.notes.map((note) => (
        <p key={note} className="text-xs text-muted">
          {note}
        </p>
      ))}
      <p className="flex items-start gap-2 rounded-md bg-info-soft px-3 py-2 text-sm text-info">
        <RotateCcw aria-hidden className="mt-0.5 size-4 shrink-0" />
        Restart the client: it starts the proxy by itself, and the proxy appears here as connected.
      </p>
    </div>
  );
}
