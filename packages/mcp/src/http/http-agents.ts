import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';

/**
 * How long an unused connection is kept. Below the 5 s after which common servers close theirs: a request on a
 * connection that is just being closed is lost, and may not be sent again. Milliseconds.
 */
const unusedMs = 4_000;

export interface HttpAgents {
  of(url: URL): HttpAgent;
  /** Opens a connection that the next request takes. `settled` hears whether it came about, and if not, why. */
  warmUp(url: URL, settled: (error: Error | undefined) => void): void;
  close(): void;
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

type Connect = (options: object, listener?: () => void) => Socket;

/** The pools of kept-alive connections: one for `http:`, one for `https:`, each made when it is first needed. */
export function createHttpAgents(): HttpAgents {
  const agents = new Map<string, HttpAgent>();
  let warm: Socket | undefined;

  const make = (protocol: string): HttpAgent => {
    const settings = { keepAlive: true, noDelay: true, timeout: unusedMs };
    const agent = protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
    const pool = agent as unknown as { createConnection: Connect };
    const connect = pool.createConnection.bind(agent);
    pool.createConnection = (options, listener) => {
      const socket = warm;
      warm = undefined;
      return socket === undefined || socket.destroyed ? connect(options, listener) : socket;
    };
    return agent;
  };

  const of = (url: URL): HttpAgent => {
    const known = agents.get(url.protocol);
    if (known !== undefined) return known;
    const agent = make(url.protocol);
    agents.set(url.protocol, agent);
    return agent;
  };

  const warmUp: HttpAgents['warmUp'] = (url, settled) => {
    const isSecure = url.protocol === 'https:';
    const host = hostOf(url);
    const port = portOf(url);
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = (of(url) as unknown as { createConnection: Connect }).createConnection({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      ...(isSecure ? { ...name, ALPNProtocols: ['http/1.1'] } : {}),
    });
    const failed = (error?: Error): void => {
      if (warm === socket) warm = undefined;
      settled(error ?? new Error('the connection was closed'));
    };
    const unused = setTimeout(() => {
      if (warm === socket) socket.destroy();
    }, unusedMs * 2).unref();
    socket.on('error', failed);
    socket.once('close', () => clearTimeout(unused));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => settled(undefined));
    warm = socket;
  };

  return {
    of,
    warmUp,
    close: () => {
      warm?.destroy();
      for (const agent of agents.values()) agent.destroy();
    },
  };
}
