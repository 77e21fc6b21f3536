import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { ApprovalCard, GrantOffer } from '@mcp-acp/shared/live/approval';

export const id = (index: number): string => `appr_${'abcdefghijklmnopqrstuvwxyz'.charAt(index).repeat(16)}`;

/** The card of an ordinary call. */
export const cardOf = (index: number, offers: readonly GrantOffer[] = []): ApprovalCard => ({
  approval: id(index),
  proxy: {
    id: 'px_aaaaaaaaaaaaaaaa' as ProxyId,
    name: 'files',
    instance: 'inst_aaaaaaaaaaaaaaaa' as InstanceId,
  },
  digest: String(index % 10).repeat(64),
  client: 'tester',
  subject: 'local:me',
  from: 'client',
  method: 'tools/call',
  tool: `write_${index}`,
  limited: false,
  operations: [],
  sideEffects: [],
  destinations: [],
  destinationCount: 0,
  preview: '{}',
  arguments: '{}',
  argumentsLength: 2,
  askedAt: '2026-01-01T00:00:00.000Z',
  state: 'held',
  holdLeftMs: 45_000,
  openLeftMs: 600_000,
  attempts: 1,
  offers: [...offers],
});
