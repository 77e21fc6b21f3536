'use client';

import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { useRef } from 'react';
import { shownText } from '../components/foreign-text.tsx';
import { toast } from '../components/toast.tsx';
import { useLiveEvent } from '../live/event-handlers.ts';

/** A proxy that starts loads its files, which is no news beside the start. Milliseconds. */
const startMs = 5_000;
const mostStarts = 256;

/** What happens on any page is told in passing on the one that is open. */
export function EventToasts() {
  const starts = useRef(new Map<string, number>());
  useLiveEvent(['proxy_registered', 'backend_state', 'policy_reloaded', 'config_reloaded'], (event) => {
    const { instance } = event.proxy;
    if (event.type === 'proxy_registered') {
      if (starts.current.size >= mostStarts) starts.current.clear();
      starts.current.set(instance, performance.now());
    } else if ('outcome' in event && event.outcome === 'loaded') {
      const startedMs = starts.current.get(instance);
      if (startedMs !== undefined && performance.now() - startedMs < startMs) return;
    }
    const told = toastOf(event);
    if (told !== undefined) toast[told.kind](told.text, `${event.type}-${instance}`);
  });
  return null;
}

interface Told {
  readonly kind: 'success' | 'info' | 'warning' | 'error';
  readonly text: string;
}

type Toastable = Extract<
  LiveEvent,
  { readonly type: 'proxy_registered' | 'backend_state' | 'policy_reloaded' | 'config_reloaded' }
>;

const outcomes = { loaded: 'success', confirmed: 'success', held: 'warning', rejected: 'error' } as const;

/** An event as a toast says it, or undefined where nobody needs to be told in passing. */
function toastOf(event: Toastable): Told | undefined {
  const { name } = event.proxy;
  switch (event.type) {
    case 'proxy_registered':
      return { kind: 'info', text: `${name} is connected.` };
    case 'backend_state':
      return ofBackend(name, event);
    case 'policy_reloaded':
    case 'config_reloaded': {
      const what = event.type === 'policy_reloaded' ? 'Policy' : 'Configuration';
      const did = {
        loaded: 'reloaded',
        confirmed: 'confirmed and in force',
        held: 'change held until you confirm it',
        rejected: 'refused; the one before stays in force',
      }[event.outcome];
      const why = event.problem === undefined ? '' : ` ${shownText(event.problem, 200)}`;
      return { kind: outcomes[event.outcome], text: `${name}: ${what} ${did}.${why}` };
    }
  }
}

function ofBackend(name: string, event: Extract<LiveEvent, { type: 'backend_state' }>): Told | undefined {
  const why = event.error === undefined ? '' : ` ${shownText(event.error, 200)}`;
  switch (event.state) {
    case 'connected':
      return { kind: 'info', text: `${name}: the backend is connected.` };
    case 'reconnecting':
      return { kind: 'warning', text: `${name}: the backend is away; connecting again.${why}` };
    case 'failed':
      return { kind: 'error', text: `${name}: the backend cannot be reached.${why}` };
    case 'connecting':
    case 'ended':
      return undefined;
  }
}
