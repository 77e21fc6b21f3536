import type {
  Answered,
  ApprovalAnswer,
  ApprovalCard,
  ApprovalChannel,
  ApprovalList,
  Grant,
} from '@mcp-acp/shared/live/approval';
import type { InstanceStatus } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import type { EventBatch } from '../events/event-ring.ts';

const change = z.enum(['unchanged', 'loaded', 'rejected', 'held']);

/** What an instance made of its policy and its configuration when it was asked to read them again. */
export const reloadedSchema = z.object({
  instance: z.string().max(32),
  policy: change,
  config: change,
  problem: z.string().max(1024).optional(),
});
export type Reloaded = z.infer<typeof reloadedSchema>;

/** The settings an instance runs with, those that hold secrets without them. */
export const runningConfigSchema = z.object({
  version: z.string().max(64),
  settings: z.array(z.object({ key: z.string().max(128), value: z.json() })),
  /** Settings of the saved file that the next start takes over. */
  waiting: z.array(z.string().max(128)),
  problem: z.string().max(1024).optional(),
});
export type RunningConfig = z.infer<typeof runningConfigSchema>;

/** What waits for a person here. Throws AcpError('not_found') for an id it does not know. */
export interface ApprovalsPort {
  list(): ApprovalList;
  card(approval: string): ApprovalCard;
  /** JSON text of the arguments from `offset` on, at most a page of it. UTF-16 units. */
  arguments(approval: string, offset: number): string;
  /**
   * Throws AcpError: 'approval_changed' where the digest is another, 'channel_refused', 'reach_refused'. That another
   * answer was first is none of these but a result.
   */
  answer(answer: ApprovalAnswer, channel: ApprovalChannel): Answered;
  /** Denies those of them that are still pending. Returns how many it were. */
  denyAll(approvals: readonly string[], channel: ApprovalChannel, reason?: string): number;
  grants(): readonly Grant[];
  /** Ends a grant or a mute. False where there is none of that id any more. */
  revoke(grant: string, channel: ApprovalChannel): boolean;
  /** Refuses what would be asked about this tool, without asking, and what is asked already. Milliseconds. */
  mute(
    mute: { readonly tool: string; readonly forMs: number; readonly reason?: string | undefined },
    channel: ApprovalChannel,
  ): Grant;
}

export interface EventReader {
  readonly lastEventId: string | undefined;
  /** A person stands behind this reader and can answer what is asked. */
  readonly canAnswer: boolean;
}

/** One running instance of a proxy: its live state and nothing else. Answered from memory. */
export interface InstancePort {
  status(): InstanceStatus;
  readonly approvals: ApprovalsPort;
  config(): RunningConfig;
  /** Reads policy and configuration again. `request` goes into the records of what that changed. */
  reload(request: string): Promise<Reloaded>;
  /**
   * What happens from now on, after all that is still kept from behind `lastEventId` on. Begins with `resync` where that
   * one is no longer kept, and has one in place of what its reader did not take in time. Ends with the signal.
   * An `EventRing` (events/event-ring.ts) reads like this.
   */
  events(reader: EventReader, signal: AbortSignal): AsyncIterable<EventBatch>;
}
