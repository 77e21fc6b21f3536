import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { openProxiesClient, type ProxiesClient } from '@mcp-acp/api/client/proxies-client';
import type { ProxyRouter } from '@mcp-acp/api/router/proxy-router';
import type { InstanceId } from '@mcp-acp/shared/ids';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import type { LiveEvent } from '@mcp-acp/shared/live/live-event';
import { eventually, records } from './journal.ts';
import type { TempHome } from './temp-home.ts';

export interface HeardEvent {
  readonly id: string;
  readonly event: LiveEvent;
}

/** Looks at the proxies of a home as a program of the same user does: straight through their sockets. */
export class LiveClient implements Disposable {
  readonly api: ProxiesClient<ProxyRouter>['api'];
  private readonly client: ProxiesClient<ProxyRouter>;
  private readonly home: TempHome;

  constructor(home: TempHome) {
    this.home = home;
    this.client = openProxiesClient<ProxyRouter>({
      socketOf: (proxy, instance) => home.paths.proxySocket(proxy, instance as InstanceId | undefined),
    });
    this.api = this.client.api;
  }

  /** The proxy's status, once it serves it. */
  async status(proxy: string, instance?: string): Promise<InstanceStatus> {
    let status: InstanceStatus | undefined;
    await eventually(`the live state of ${proxy}`, async () => {
      status = await this.ask(proxy, instance);
      return status !== undefined;
    });
    return status as InstanceStatus;
  }

  private async ask(proxy: string, instance: string | undefined): Promise<InstanceStatus | undefined> {
    try {
      return await this.api.proxy.status.query({ proxy, ...(instance === undefined ? {} : { instance }) });
    } catch {
      return undefined;
    }
  }

  /** What a proxy tells from now on, or from behind an event. */
  listen(proxy: string, lastEventId?: string): EventListener {
    const heard: HeardEvent[] = [];
    let hasStarted = false;
    const subscription = this.api.proxy.events.subscribe(
      { proxy, ...(lastEventId === undefined ? {} : { lastEventId }) },
      {
        onStarted: () => {
          hasStarted = true;
        },
        onData: ({ data }) => heard.push(...data.map(([id, event]) => ({ id, event }))),
      },
    );
    return {
      heard,
      ofType: (type) => heard.filter(({ event }) => event.type === type).map(({ event }) => event as never),
      started: () => eventually('the subscription', () => hasStarted),
      stop: () => subscription.unsubscribe(),
    };
  }

  /** The instance the proxy's name leads to. */
  named(proxy: string): string | undefined {
    try {
      return basename(readlinkSync(this.home.paths.proxySocket(proxy))).split('.')[1];
    } catch {
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.client.close();
  }
}

export interface EventListener {
  readonly heard: readonly HeardEvent[];
  ofType<Type extends LiveEvent['type']>(type: Type): readonly Extract<LiveEvent, { type: Type }>[];
  started(): Promise<unknown>;
  stop(): void;
}

/** The instances a proxy's journal knows, in the order they were opened. */
export const instancesOf = (home: TempHome, proxy: string): readonly string[] => [
  ...new Set(
    records(home, proxy)
      .filter((record) => record.type === 'session' && record.event === 'opened')
      .sort((a, b) => a.time.localeCompare(b.time))
      .map(({ instance }) => instance),
  ),
];
