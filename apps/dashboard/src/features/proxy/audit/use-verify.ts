'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../../api/use-api.ts';
import type { AuditVerdict } from '../answers.ts';

export interface Verified {
  readonly verdict: AuditVerdict;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly tookMs: number;
}

export type Verifying =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'running';
      readonly stream: string;
      readonly doneBytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'failed'; readonly error: unknown };

const keyOf = (proxy: string) => ['verified', proxy] as const;

/** Reads a journal whole and checks every hash. The last verdict is kept as long as the page is open. */
export function useVerify(proxy: string) {
  const client = useClient();
  const queryClient = useQueryClient();
  const [state, setState] = useState<Verifying>({ kind: 'idle' });
  const [verified, setVerified] = useState<Verified | undefined>(() =>
    queryClient.getQueryData(keyOf(proxy)),
  );
  const running = useRef<{ unsubscribe(): void }>(undefined);
  useEffect(() => () => running.current?.unsubscribe(), []);

  const stop = useCallback(() => {
    running.current?.unsubscribe();
    running.current = undefined;
    setState({ kind: 'idle' });
  }, []);
  const verify = useCallback(() => {
    running.current?.unsubscribe();
    setState({ kind: 'running', stream: '', doneBytes: 0, totalBytes: 0 });
    const begun = performance.now();
    running.current = client.audit.verifyLive.subscribe(
      { proxy },
      {
        onData: (step) => {
          if (step.type === 'progress') {
            const { stream, doneBytes, totalBytes } = step;
            return setState({ kind: 'running', stream, doneBytes, totalBytes });
          }
          const next = { verdict: step.verdict, at: Date.now(), tookMs: performance.now() - begun };
          queryClient.setQueryData(keyOf(proxy), next);
          setVerified(next);
          stop();
        },
        onError: (error) => {
          running.current = undefined;
          setState({ kind: 'failed', error });
        },
      },
    );
  }, [client, proxy, queryClient, stop]);
  return { state, verified, verify, stop };
}
