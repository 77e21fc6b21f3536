import { ownClientName } from '@mcp-acp/shared/own-client';
import type { InstanceSeen, ProxySeen } from './answers.ts';

interface Words {
  readonly tone: 'good' | 'warn' | 'bad' | 'info' | 'neutral';
  readonly text: string;
}

/** How a proxy is, in a word or two. */
export function wordsOfProxy({ configured, enabled, connection, last }: ProxySeen): Words {
  if (!configured) return { tone: 'warn', text: 'Removed' };
  if (!enabled) return { tone: 'warn', text: 'Switched off' };
  switch (connection) {
    case 'connected':
      return { tone: 'good', text: 'Connected' };
    case 'unresponsive':
      return { tone: 'warn', text: 'Not answering' };
    case 'disconnected':
      return {
        tone: 'neutral',
        text: last?.status.client?.name === ownClientName ? 'Waiting for a client' : 'Disconnected',
      };
    case 'never':
      return { tone: 'neutral', text: 'Never started' };
  }
}

/** How the backend of an instance is. An instance that is gone took its backend along. */
export function wordsOfBackend({ status: { backend }, connection }: InstanceSeen): Words {
  if (connection === 'disconnected') return { tone: 'neutral', text: 'Ended' };
  switch (backend.state) {
    case 'connected':
      return { tone: 'good', text: 'Connected' };
    case 'connecting':
      return { tone: 'info', text: 'Connecting' };
    case 'reconnecting':
      return { tone: 'warn', text: 'Connecting again' };
    case 'failed':
      return { tone: 'bad', text: 'Unreachable' };
    case 'ended':
      return { tone: 'bad', text: 'Ended' };
  }
}
