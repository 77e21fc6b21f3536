import type { JoinMessage, JoinRequest, RegistryPort } from '@mcp-acp/api/ports/registry';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { AcpError } from '@mcp-acp/shared/errors';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import type { EventHub } from '../events/event-hub.ts';
import type { ReadModel } from '../read-model/read-model.ts';
import { changesStatus, statusAfter } from '../read-model/seen-instance.ts';
import { type InstanceLine, openInstanceLine } from './instance-line.ts';
import type { Watching } from './watching.ts';

export interface RegistryOptions {
  readonly paths: HomePaths;
  readonly model: ReadModel;
  readonly hub: EventHub;
  readonly watching: Watching;
  /** Names this start of the manager. */
  readonly startId: string;
  readonly now: () => string;
  /** An instance has joined or left: what it wrote is worth a look. */
  readonly onActivity: (proxy: string) => void;
}

export interface Registry extends RegistryPort {
  line(instance: string): InstanceLine | undefined;
  close(): void;
}

/** One joined connection. An instance that joins a second time has a new one, and the end of the old one is its own. */
interface Membership {
  readonly line: InstanceLine;
  leave(reason: 'closed' | 'replaced'): void;
}

/** Who has joined. An instance stays for as long as its join is read. */
export function createRegistry(options: RegistryOptions): Registry {
  const { paths, model, hub, watching, startId, now, onActivity } = options;
  const members = new Map<string, Membership>();

  const enter = ({ status: joined, socket }: JoinRequest): Membership => {
    const { instance, name, proxyId: id } = joined;
    members.get(instance)?.leave('replaced');
    const proxy: EventOrigin = { id, name, instance };
    let status = joined;
    let isSilent = false;
    const registered = (): void =>
      hub.publish({ type: 'proxy_registered', time: now(), proxy, pid: joined.pid });
    model.joined(status);
    registered();
    const line = openInstanceLine({
      proxy: name,
      instance,
      socket,
      lastEventId: () => hub.lastSource(instance),
      onStatus: (next) => {
        status = next;
        model.update(status);
        if (isSilent) registered();
        isSilent = false;
      },
      onEvent: (event, source) => {
        // What is missing is this instance's, which it need not say itself.
        hub.publish(event.type === 'resync' ? { ...event, proxy } : event, source);
        const next = statusAfter(status, event);
        if (next !== undefined && !isSilent) {
          status = next;
          model.update(status);
        }
        if (changesStatus.has(event.type)) line.changed();
        if (event.type === 'call_finished' || event.type === 'call_decided') onActivity(name);
      },
      onSilent: () => {
        if (isSilent) return;
        isSilent = true;
        model.unresponsive(instance);
        hub.publish({ type: 'proxy_disconnected', time: now(), proxy, reason: 'unresponsive' });
      },
    });
    const member: Membership = {
      line,
      leave: (reason) => {
        // A late end of this connection must not take the next one away.
        if (members.get(instance) !== member) return;
        members.delete(instance);
        line.close();
        model.left(instance);
        hub.publish({ type: 'proxy_disconnected', time: now(), proxy, reason });
        onActivity(name);
      },
    };
    members.set(instance, member);
    onActivity(name);
    return member;
  };

  async function* join(
    request: JoinRequest,
    protocol: number,
    signal: AbortSignal,
  ): AsyncGenerator<JoinMessage> {
    checkSocketPlace(paths, request);
    const member = enter(request);
    try {
      yield { type: 'welcome', protocol, manager: startId };
      for await (const lookers of watching.counts(request.status.name, signal))
        yield { type: 'watching', ...lookers };
    } finally {
      member.leave('closed');
    }
  }

  return {
    join,
    line: (instance) => members.get(instance)?.line,
    close: () => {
      // What they had counted stays known, whether they come back or not.
      for (const [instance, { line }] of members) {
        line.close();
        model.left(instance);
      }
      members.clear();
    },
  };
}

/** An instance is reached where its name says, and nowhere it may say itself. */
function checkSocketPlace(paths: HomePaths, { socket, status }: JoinRequest): void {
  if (socket === paths.proxySocket(status.name, status.instance)) return;
  throw new AcpError('bad_request', `The socket is not that of ${status.instance}.`);
}
