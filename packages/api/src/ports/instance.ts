import type { AnswerDesk } from '@mcp-acp/shared/live/answer-desk';
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

export interface EventReader {
  readonly lastEventId: string | undefined;
  /** A person stands behind this reader and can answer what is asked. */
  readonly canAnswer: boolean;
}

/** One running instance of a proxy: its live state and nothing else. Answered from memory. */
export interface InstancePort {
  status(): InstanceStatus;
  readonly approvals: AnswerDesk;
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
