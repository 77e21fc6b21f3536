import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { instanceGone, instanceSilent } from '@mcp-acp/api/client/proxies-client';
import { openSocketChannel, type SocketChannel } from '@mcp-acp/api/client/socket-channel';
import { answerWithinMs } from '@mcp-acp/api/client/socket-client';
import { socketLink } from '@mcp-acp/api/client/socket-link';
import type { ProxyRouter } from '@mcp-acp/api/router/proxy-router';
import { checkSocket } from '@mcp-acp/config/run-dir';
import type { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { createTRPCClient } from '@trpc/client';
import { readToldEvents, readToldStatus } from './read-told.ts';

/** The manager's own connection to an instance that has joined. */
export interface InstanceLine {
  readonly channel: SocketChannel;
  /** Listens no more. What is passed on to the instance still has its answer. */
  close(): void;
}

export interface InstanceLineOptions {
  readonly proxy: string;
  readonly instance: string;
  readonly socket: string;
  /** The newest event of the instance that is known already. */
  readonly lastEventId: () => string | undefined;
  readonly onStatus: (status: InstanceStatus) => void;
  readonly onEvent: (event: LiveEvent, id: string) => void;
  /** It does not answer; it is tried again until the line is closed. */
  readonly onSilent: (error: AcpError) => void;
}

const retryMs = 1_000;
/** Several changes at once are asked about once. Milliseconds. */
const askMs = 50;

/**
 * Reads an instance's events, and its status whenever an event says that it is another one. In place of events that cannot
 * be read there is one `resync`.
 */
export function openInstanceLine(options: InstanceLineOptions): InstanceLine & { changed(): void } {
  const { proxy, instance, socket } = options;
  const channel = openSocketChannel({
    path: socket,
    unreachable: (code) => instanceGone(proxy, code),
    check: checkSocket,
  });
  const link = socketLink<ProxyRouter>({
    channel: () => channel,
    answerMs: answerWithinMs,
    unanswering: instanceSilent,
  });
  const api = createTRPCClient<ProxyRouter>({ links: [link] });
  const target = { proxy, instance };
  let isClosed = false;
  let asking: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let listening: { unsubscribe(): void } | undefined;

  const ask = (): void => {
    asking ??= setTimeout(() => {
      asking = undefined;
      // Who does not answer is seen by the subscription.
      api.proxy.status.query(target).then(
        (told) => {
          const status = readToldStatus(target, told);
          if (!isClosed && status !== undefined) options.onStatus(status);
        },
        () => undefined,
      );
    }, askMs);
  };

  const listen = (): void => {
    retry = undefined;
    const lastEventId = options.lastEventId() ?? `${instance}.0`;
    const lost = (error: AcpError): void => {
      if (isClosed || retry !== undefined) return;
      options.onSilent(error);
      retry = setTimeout(listen, retryMs);
    };
    listening = api.proxy.events.subscribe(
      { ...target, lastEventId },
      {
        onStarted: ask,
        onData: ({ data }) => {
          for (const [id, event] of readToldEvents(target, data)) options.onEvent(event, id);
        },
        onError: (error) => lost(acpErrorOf(error)),
        onComplete: () => lost(instanceGone(proxy, 'closed')),
      },
    );
  };

  listen();
  return {
    channel,
    changed: ask,
    close: () => {
      isClosed = true;
      clearTimeout(asking);
      clearTimeout(retry);
      listening?.unsubscribe();
      channel.finish();
    },
  };
}
