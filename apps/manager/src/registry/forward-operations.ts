import { forwardTo } from '@mcp-acp/api/client/forward';
import { answerWithinMs } from '@mcp-acp/api/client/socket-client';
import type { Forward } from '@mcp-acp/api/ports/forward';
import { AcpError } from '@mcp-acp/shared/errors';
import type { ReadModel } from '../read-model/read-model.ts';
import type { SeenInstance } from '../read-model/seen-instance.ts';
import type { Registry } from './registry.ts';

/** Carries operations on live state to the instance they name, whatever they are. */
export function forwardOperations(model: ReadModel, registry: Registry): Forward {
  return async (operation) => {
    const { instance } = chooseInstance(model, operation.proxy, operation.instance).status;
    const line = registry.line(instance);
    if (line === undefined) throw notConnected(operation.proxy);
    return forwardTo({ channel: line.channel, answerMs: answerWithinMs }, operation);
  };
}

function chooseInstance(model: ReadModel, proxy: string, instance: string | undefined): SeenInstance {
  const running = model.find(proxy);
  if (running.length === 0) {
    // Throws where there is no such proxy either.
    model.get(proxy);
    throw notConnected(proxy);
  }
  if (instance !== undefined) {
    const found = running.find(({ status }) => status.instance === instance);
    if (found === undefined) throw notConnected(proxy, instance);
    return found;
  }
  const [only, ...others] = running;
  if (only === undefined || others.length > 0) {
    const ids = running.map(({ status }) => status.instance).join(', ');
    throw new AcpError('instance_ambiguous', `Several instances of "${proxy}" run: ${ids}.`, {
      fix: 'Name one of them.',
    });
  }
  return only;
}

const notConnected = (proxy: string, instance?: string): AcpError =>
  new AcpError(
    'proxy_disconnected',
    `${instance === undefined ? `The proxy "${proxy}"` : `The instance ${instance} of "${proxy}"`} is not connected.`,
    { fix: 'It runs while its MCP client does.' },
  );
