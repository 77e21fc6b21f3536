'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

export interface StreamProgress {
  readonly doneCalls: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export type StreamState<Result> =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress?: StreamProgress }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: unknown };

type Step<Result> = ({ readonly type: 'progress' } & StreamProgress) | ({ readonly type: 'result' } & Result);

interface Handlers<Result> {
  readonly onData: (step: Step<Result>) => void;
  readonly onError: (error: unknown) => void;
  readonly onComplete: () => void;
}

export interface Stream<Result> {
  readonly state: StreamState<Result>;
  start(subscribe: (handlers: Handlers<Result>) => { unsubscribe(): void }): void;
  cancel(): void;
}

/** Work of the manager that tells how far it is and ends with a result. A new start, or the page going, ends the last one. */
export function useStream<Result>(): Stream<Result> {
  const [state, setState] = useState<StreamState<Result>>({ kind: 'idle' });
  const running = useRef<{ unsubscribe(): void }>(undefined);
  const stop = useCallback((): void => {
    running.current?.unsubscribe();
    running.current = undefined;
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback<Stream<Result>['start']>(
    (subscribe) => {
      stop();
      setState({ kind: 'running' });
      let isOver = false;
      const end = (last: StreamState<Result>): void => {
        if (isOver) return;
        isOver = true;
        setState(last);
      };
      const subscription = subscribe({
        onData: (step) => {
          if (isOver) return;
          if (step.type === 'progress') setState({ kind: 'running', progress: step });
          else end({ kind: 'done', result: step });
        },
        onError: (error) => end({ kind: 'failed', error }),
        onComplete: () => end({ kind: 'cancelled' }),
      });
      running.current = {
        unsubscribe: () => {
          isOver = true;
          subscription.unsubscribe();
        },
      };
    },
    [stop],
  );
  const cancel = useCallback((): void => {
    stop();
    setState({ kind: 'cancelled' });
  }, [stop]);
  return { state, start, cancel };
}
