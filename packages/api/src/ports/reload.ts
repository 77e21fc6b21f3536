import * as z from 'zod';
import { reloadedSchema } from './instance.ts';

/** What became of asking one instance: what it made of it, or why it did not answer. */
export const askedToReloadSchema = z.object({
  proxy: z.string(),
  instance: z.string(),
  reloaded: reloadedSchema.optional(),
  problem: z.string().optional(),
});
export type AskedToReload = z.infer<typeof askedToReloadSchema>;

/**
 * Asks the running instances of a proxy, or of all, to read policy and configuration again. `request` goes into their
 * records.
 */
export type ReloadPort = (proxy: string | undefined, request: string) => Promise<readonly AskedToReload[]>;
