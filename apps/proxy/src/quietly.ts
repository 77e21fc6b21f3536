/** Housekeeping must not end a session that works without it. */
export function quietly(task: () => void): void {
  try {
    task();
  } catch (error) {
    process.stderr.write(`mcp-acp: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
