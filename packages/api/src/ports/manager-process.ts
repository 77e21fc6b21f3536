import { timeSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';

const count = z.number().int().nonnegative();

/** The manager's own process. */
export const managerStatusSchema = z.object({
  pid: z.number().int().positive(),
  /** Version of the program. */
  program: z.string().max(64),
  startedAt: timeSchema,
  /** Names this start of the manager: `start_` and 16 characters. */
  startId: z.string().max(32),
  /** Where the dashboard listens on 127.0.0.1. */
  port: z.number().int().min(1).max(65_535),
  /** Folder of the installation. */
  home: z.string(),
  /** Pages of the dashboard that are connected. */
  dashboards: count,
  /** Subscriptions to live events, those of the dashboards included. */
  subscribers: count,
  /** Connected instances of proxies, and of how many proxies they are. */
  instances: count,
  proxies: count,
  /** Minutes without proxies, pages and commands after which it ends; 0 never. */
  idleExit: count,
});
export type ManagerStatus = z.infer<typeof managerStatusSchema>;

const bytes = z.number().nonnegative();
/** What lies on the disk. Bytes. */
export const storageSchema = z.object({
  history: bytes,
  archive: bytes,
  manager: bytes,
  proxies: z.array(z.object({ name: z.string(), journals: bytes, payloads: bytes, other: bytes })),
});
export type Storage = z.infer<typeof storageSchema>;

export interface ManagerProcessPort {
  status(): ManagerStatus;
  /** Ends the process once what runs has had its answer. Returns at once; a second call changes nothing. */
  stop(reason: string): void;
}
