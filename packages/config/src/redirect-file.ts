import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import { atomicCreate } from './atomic-write.ts';
import { ensurePrivateDir } from './private-dir.ts';

/** As long as a code is good, its file is. Milliseconds. */
const lifeMs = 30_000;
const fileForm = /^open-[0-9a-f]{32}\.html$/;

export interface RedirectFile {
  /** Open this in the browser. */
  readonly file: string;
  /** The file is of no more use. It removes itself after 30 seconds if this process still runs. */
  remove(): void;
}

/**
 * A page in a file that only this user can read (0600, in a folder of its own in `runDir`, 0700), which sends the browser
 * that opens it to the dashboard with a one-time code. The command line of the browser names the file, so the code is in
 * no list of processes; in the address it stands behind the `#`, which browsers send nowhere. What an earlier process left
 * is removed. Throws AcpError('config_invalid') where the folder is not the user's own.
 */
export function writeRedirectFile(runDir: string, port: number, code: string): RedirectFile {
  if (!/^[\w-]{16,128}$/.test(code) || !Number.isInteger(port)) {
    throw new AcpError('internal', 'The code or the port is not of the form it should have.');
  }
  const dir = join(runDir, 'open');
  ensurePrivateDir(dir);
  removeOld(dir);
  const file = join(dir, `open-${randomBytes(16).toString('hex')}.html`);
  if (!atomicCreate(file, pageTo(`http://127.0.0.1:${port}/#code=${code}`))) {
    throw new AcpError('internal', 'The file that opens the dashboard exists already.');
  }
  const remove = (): void => rmSync(file, { force: true });
  const timer = setTimeout(remove, lifeMs);
  timer.unref();
  return {
    file,
    remove: () => {
      clearTimeout(timer);
      remove();
    },
  };
}

/** Removes the files the codes of which are over: whoever wrote them may have ended before. Never throws. */
export function removeOldRedirectFiles(runDir: string): void {
  try {
    removeOld(join(runDir, 'open'));
  } catch {
    // There is no such folder, or it is not ours to clean; what lies there is of no use to anybody.
  }
}

function removeOld(dir: string): void {
  const since = Date.now() - lifeMs;
  for (const name of readdirSync(dir)) {
    if (!fileForm.test(name)) continue;
    const file = join(dir, name);
    try {
      if (lstatSync(file).mtimeMs < since) rmSync(file, { force: true });
    } catch {
      // Its own process has removed it meanwhile.
    }
  }
}

/** `replace` leaves this file out of the history; the refresh is for a browser without scripts. */
const pageTo = (url: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="1;url=${url}">
<title>mcp-acp</title>
<script>location.replace("${url}");</script>
</head>
<body><p><a href="${url}" rel="noreferrer">Open the dashboard of mcp-acp</a></p></body>
</html>
`;
