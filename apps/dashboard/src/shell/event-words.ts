import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { shownText } from '../components/foreign-text.tsx';

/** What is said in passing of an event. */
export interface Told {
  readonly kind: 'success' | 'info' | 'warning' | 'error';
  readonly text: string;
}

export const toldTypes = ['proxy_registered', 'backend_state', 'policy_reloaded', 'config_reloaded'] as const;
export type ToldEvent = Extract<LiveEvent, { readonly type: (typeof toldTypes)[number] }>;
type Reloaded = Extract<LiveEvent, { readonly type: 'policy_reloaded' | 'config_reloaded' }>;

/** An event as a toast says it, or undefined where nobody needs to be told in passing. */
export function wordsOfEvent(event: ToldEvent): Told | undefined {
  const { name } = event.proxy;
  switch (event.type) {
    case 'proxy_registered':
      return { kind: 'info', text: `${name} is connected.` };
    case 'backend_state':
      return ofBackend(name, event);
    case 'policy_reloaded':
    case 'config_reloaded':
      return ofChange(name, event);
  }
}

function ofChange(name: string, { type, outcome, problem }: Reloaded): Told {
  const what = type === 'policy_reloaded' ? 'Policy' : 'Configuration';
  const why = problem === undefined ? '' : ` ${shownText(problem, 200)}`;
  const say = (kind: Told['kind'], did: string): Told => ({ kind, text: `${name}: ${what} ${did}.${why}` });
  switch (outcome) {
    case 'loaded':
      return say('success', 'reloaded');
    case 'confirmed':
      return say('success', 'confirmed and in force');
    case 'rejected':
      return say('error', 'refused; the one before stays in force');
    case 'held':
      // A policy waits for a person, a setting for the next start.
      return type === 'policy_reloaded'
        ? say('warning', 'change held until you confirm it')
        : say('info', 'change takes effect after a client restart');
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
    case 'ended':
      return event.error === undefined
        ? undefined
        : { kind: 'error', text: `${name}: the backend ended:${why.replace(/[.\s]+$/, '')}.` };
    case 'connecting':
      return undefined;
  }
}
