import { grantSchema, pendingApprovalSchema } from '@mcp-acp/shared/live/approval';
import { originSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';

/** Instances that run and could not be asked. */
const unheard = z.array(originSchema.extend({ problem: z.string().max(1024) }));

export const allPendingSchema = z.object({ pending: z.array(pendingApprovalSchema), unheard });
export type AllPending = z.infer<typeof allPendingSchema>;

export const allGrantsSchema = z.object({ grants: z.array(grantSchema), unheard });
export type AllGrants = z.infer<typeof allGrantsSchema>;

/** What waits for a person in all running instances, gathered when it is asked for. */
export interface AllApprovalsPort {
  /** Oldest first. */
  pending(): Promise<AllPending>;
  grants(): Promise<AllGrants>;
}
