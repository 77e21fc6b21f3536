import { instanceStatusSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';

const version = z.number().int().positive();

/** What an instance says when it joins a manager. */
export const joinRequestSchema = z.object({
  /** The versions of the API it speaks. */
  protocol: z.object({ least: version, most: version }),
  /** Where it serves its live state: the one place its names give. */
  socket: z.string().max(256),
  status: instanceStatusSchema,
});
export type JoinRequest = z.infer<typeof joinRequestSchema>;

/** What the manager tells an instance that has joined, for as long as it stays. */
export const joinMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), protocol: version, manager: z.string().max(64) }),
  /** How many pages of the dashboard are open, and people look on at terminals: whether a person would see a question there. */
  z.object({
    type: z.literal('watching'),
    dashboards: z.number().int().nonnegative(),
    terminals: z.number().int().nonnegative().default(0),
  }),
]);
export type JoinMessage = z.infer<typeof joinMessageSchema>;

export interface RegistryPort {
  /**
   * The instance is connected until the signal is given; `protocol` is the version that was agreed on. Throws
   * AcpError('bad_request') where the socket is not the instance's own.
   */
  join(request: JoinRequest, protocol: number, signal: AbortSignal): AsyncIterable<JoinMessage>;
}
