'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { Loading } from '../../../components/skeleton.tsx';
import { CheckFailed } from './check-failed.tsx';

export type CheckState = 'running' | 'passed' | 'failed';

/** Starts the server once, through the proxy, and shows which tools it has. */
export function CheckStep({
  name,
  onState,
  onUnconfirmed,
}: {
  readonly name: string;
  readonly onState: (state: CheckState) => void;
  readonly onUnconfirmed: () => void;
}) {
  const api = useApi();
  const check = useMutation(
    api.proxies.check.mutationOptions({
      meta: { ownError: true },
      onMutate: () => onState('running'),
      onSuccess: ({ ok }) => onState(ok ? 'passed' : 'failed'),
      onError: () => onState('failed'),
    }),
  );
  const { mutate } = check;
  const again = useCallback(() => mutate({ proxy: name }), [mutate, name]);
  // An effect may run twice; the server is started once.
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    again();
  }, [again]);
  const failure =
    check.error !== null
      ? acpErrorOf(check.error)
      : check.data?.ok === false
        ? { message: check.data.problem ?? 'The server did not answer.', fix: check.data.fix }
        : undefined;
  if (failure !== undefined) {
    return (
      <CheckFailed
        name={name}
        problem={failure.message}
        fix={failure.fix}
        onAgain={again}
        onUnconfirmed={onUnconfirmed}
      />
    );
  }
  if (check.data === undefined) {
    return (
      <>
        <p className="text-sm">Starting the server through the proxy and asking for its tools…</p>
        <Loading lines={3} className="px-0" />
      </>
    );
  }
  const { tools } = check.data;
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
