import { openManager } from './compose.ts';
import { liveAsManager, type ManagerOptions } from './process/live-as-manager.ts';

/** Runs the manager in this process until it is ended. Returns the exit code; every failure has been said. */
export const runManager = (options: ManagerOptions): Promise<number> => liveAsManager(options, openManager);
