import { existsSync } from 'node:fs';
import { type HomePaths, homePaths } from '@mcp-acp/config/home-paths';
import { openHome } from '@mcp-acp/config/manager-config';
import { checkPrivateDir } from '@mcp-acp/config/private-dir';
import { openStdin } from '@mcp-acp/mcp/stdio/byte-source';
import { asAcpError, describePosition } from '@mcp-acp/shared/errors';
import { writeIncident } from './incident-log.ts';
import { runInstance } from './run-instance.ts';

export interface ProxyOptions {
  readonly name: string;
  /** Never open anything on a screen. */
  readonly headless: boolean;
  /** Path of the program's own executable. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs one instance of a proxy on this process's stdio until its client or backend ends. Returns the exit code. */
export async function runProxy({ name, headless, program, env }: ProxyOptions): Promise<number> {
  // Whoever closes our stderr does not want to read it; that is no reason to end.
  process.stderr.on('error', () => undefined);
  const input = openStdin();
  let paths: HomePaths | undefined;
  let code: number;
  try {
    paths = homePaths(env);
    if (existsSync(paths.home)) checkPrivateDir(paths.home);
    paths = openHome(env);
    code = await runInstance({ name, env, paths, headless, program, input });
  } catch (error) {
    const reason = asAcpError(error);
    process.stderr.write(
      `mcp-acp: ${describePosition(reason)}${reason.fix === undefined ? '' : `\n  ${reason.fix}`}\n`,
    );
    if (paths !== undefined) {
      writeIncident(paths.incidents.bootstrap, {
        time: new Date().toISOString(),
        code: reason.code,
        detail: describePosition(reason),
        proxyName: name,
      });
    }
    const { answerWithReason } = await import('./loaded-later/failed-start.ts');
    await answerWithReason(reason, input, process.stdout);
    code = reason.exitCode;
  }
  await outputLeft();
  // An open stdin would keep the process alive for as long as the client does not close it.
  input.close();
  return code;
}

/** How long answers may take to leave for a client that does not read them. Milliseconds. */
const leaveMs = 2_000;

/** Waits until the client has our last words, or does not want them. */
function outputLeft(): Promise<void> {
  if (process.stdout.writableLength === 0 || process.stdout.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, leaveMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    process.stdout.once('drain', done);
    process.stdout.once('close', done);
  });
}
