'use client';

import { ownClientName } from '@mcp-acp/shared/own-client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useApi } from '../api/use-api.ts';
import { toast } from '../components/toast.tsx';
import { useLiveEvent } from '../live/event-handlers.ts';
import { type ToldEvent, toldTypes, wordsOfEvent } from './event-words.ts';

/** A proxy that starts loads its files, which is no news beside the start. Milliseconds. */
const startMs = 5_000;
/** A client says its name this soon after the start; how a backend ended is on record this soon after its end. Milliseconds. */
const knownAfterMs = 1_500;
const mostRemembered = 256;

/** What happens on any page is told in passing on the one that is open. */
export function EventToasts() {
  const starts = useRef(new Map<string, number>());
  const tellLater = useTellLater();
  useLiveEvent(toldTypes, (event) => {
    const { instance } = event.proxy;
    if (event.type === 'proxy_registered') remember(starts.current, instance, performance.now());
    else if ('outcome' in event && event.outcome === 'loaded') {
      const startedMs = starts.current.get(instance);
      if (startedMs !== undefined && performance.now() - startedMs < startMs) return;
    }
    const isEnd = event.type === 'backend_state' && event.state === 'ended';
    const isStart =
      event.type === 'proxy_registered' || (event.type === 'backend_state' && event.state === 'connected');
    if (isEnd || isStart) tellLater(event, isEnd ? 'unless closed' : 'unless own');
    else tell(event);
  });
  return null;
}

function tell(event: ToldEvent): void {
  const told = wordsOfEvent(event);
  if (told !== undefined) toast[told.kind](told.text, `${event.type}-${event.proxy.instance}`);
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.size >= mostRemembered) map.clear();
  map.set(key, value);
}

/**
 * Tells of an event once more is known: not of mcp-acp's own check of a server, nor of a backend that was ended because its
 * client had left.
 */
function useTellLater() {
  const api = useApi();
  const queryClient = useQueryClient();
  const clients = useRef(new Map<string, string>());
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => () => timers.current.forEach(clearTimeout), []);
  useLiveEvent(['client_identified'], ({ proxy, client }) =>
    remember(clients.current, proxy.instance, client),
  );

  const isOwn = async ({ name, instance }: ToldEvent['proxy']): Promise<boolean> => {
    const known = clients.current.get(instance);
    if (known !== undefined) return known === ownClientName;
    // It had said its name before this page heard of it.
    const { instances, last } = await queryClient.fetchQuery(
      api.proxies.get.queryOptions({ proxy: name }, { staleTime: knownAfterMs }),
    );
    const seen = [...instances, ...(last === undefined ? [] : [last])].find(
      ({ status }) => status.instance === instance,
    );
    return seen?.status.client?.name === ownClientName;
  };

  const isClosed = async ({ name, instance }: ToldEvent['proxy']): Promise<boolean> => {
    const { records } = await queryClient.fetchQuery(
      api.history.records.queryOptions(
        { proxy: name, instance, type: 'session', limit: 1 },
        { staleTime: 0 },
      ),
    );
    return records[0]?.event === 'closed' && records[0].reason !== 'backend_exited';
  };

  return (event: ToldEvent, but: 'unless own' | 'unless closed'): void => {
    const timer = setTimeout(async () => {
      timers.current.delete(timer);
      const isNoNews = but === 'unless own' ? isOwn : isClosed;
      // What cannot be found out is told rather than kept silent.
      if (!(await isNoNews(event.proxy).catch(() => false))) tell(event);
    }, knownAfterMs);
    timers.current.add(timer);
  };
}
