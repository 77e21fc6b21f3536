import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP, type Socket } from 'node:net';

/**
 * How long an unused connection is kept. Below the 5 s after which common servers close theirs: a request on a
 * connection that is just being closed is lost, and may not be sent again. Milliseconds.
 */
const unusedMs = 4_000;

/** What a request is to the others: they never wait for one of another lane. */
export type Lane = 'call' | 'notification' | 'answer' | 'stream';

/** Connections for notifications and good-byes, and for answers to what the server asks; what finds none free waits for one. */
const notificationConnections = 8;
const answerConnections = 8;
/** Connections for streams that the server fills on its own account. */
const streamConnections = 2;

export interface HttpAgents {
  of(url: URL, lane: Lane): HttpAgent;
  /** Opens a connection that the next request of the lane which comes first takes, unless there is one. `settled` hears whether it came about, and if not, why. */
  warmUp(url: URL, settled: (error: Error | undefined) => void): void;
  close(): void;
}

/** The host without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

type Connect = (options: object, listener?: () => void) => Socket;

/** The pools of kept-alive connections, one for each lane, made when they are first needed. */
export function createHttpAgents(callConnections: number, warmLane: Lane): HttpAgents {
  const agents = new Map<string, HttpAgent>();
  const mostOf = {
    call: callConnections,
    notification: notificationConnections,
    answer: answerConnections,
    stream: streamConnections,
  } as const;
  let warm: Socket | undefined;

  const make = (protocol: string, lane: Lane): HttpAgent => {
    const settings = { keepAlive: true, noDelay: true, timeout: unusedMs, maxSockets: mostOf[lane] };
    const agent = protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
    if (lane !== warmLane) return agent;
    const pool = agent as unknown as { createConnection: Connect };
    const connect = pool.createConnection.bind(agent);
    pool.createConnection = (options, listener) => {
      const socket = warm;
      warm = undefined;
      return socket === undefined || socket.destroyed ? connect(options, listener) : socket;
    };
    return agent;
  };

  const of: HttpAgents['of'] = (url, lane) => {
    const key = `${lane} ${url.protocol}`;
    const known = agents.get(key);
    if (known !== undefined) return known;
    const agent = make(url.protocol, lane);
    agents.set(key, agent);
    return agent;
  };

  const warmUp: HttpAgents['warmUp'] = (url, settled) => {
    if (warm !== undefined && !warm.destroyed) return;
    const isSecure = url.protocol === 'https:';
    const host = hostOf(url);
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = (of(url, warmLane) as unknown as { createConnection: Connect }).createConnection({
      host,
      port: portOf(url),
      noDelay: true,
      keepAlive: true,
      ...(isSecure ? { ...name, ALPNProtocols: ['http/1.1'] } : {}),
    });
    let isSettled = false;
    const settle = (error?: Error): void => {
      if (warm === socket && error !== undefined) warm = undefined;
      if (isSettled) return;
      isSettled = true;
      settled(error);
    };
    const unused = setTimeout(() => {
      if (warm === socket) socket.destroy();
    }, unusedMs * 2).unref();
    socket.on('error', settle);
    socket.once('close', () => {
      clearTimeout(unused);
      settle(new Error('the connection was closed'));
    });
    socket.once(isSecure ? 'secureConnect' : 'connect', () => settle());
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
