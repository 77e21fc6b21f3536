import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { AcpError } from '@mcp-acp/shared/errors';
import type { InstanceId } from '@mcp-acp/shared/ids';

/**
 * The shortest limit of the supported systems for the path of a Unix socket: 104 bytes on macOS, the closing NUL
 * included (108 on Linux).
 */
const socketPathBytes = 104;

/** Where every file of an installation is. Nothing here touches the disk. */
export interface HomePaths {
  readonly home: string;
  readonly managerConfig: string;
  readonly proxies: string;
  readonly logs: string;
  readonly archive: string;
  readonly db: string;
  readonly run: string;
  readonly incidentsDir: string;
  readonly incidents: {
    readonly bootstrap: string;
    readonly shutdowns: string;
    readonly crashes: string;
    readonly emergency: string;
  };
  readonly managerSocket: string;
  readonly managerPid: string;
  /** The first part of the names of lock files: who is the manager, and who is starting one. */
  readonly managerLock: string;
  readonly managerStartLock: string;
  readonly managerSystemLog: string;
  /** What the manager's process prints: its last words where it could not start. */
  readonly managerOutput: string;
  proxyDir(name: string): string;
  proxyConfig(name: string): string;
  policy(name: string): string;
  policyHistory(name: string): string;
  proxyLogs(name: string): string;
  auditDir(name: string): string;
  payloadsDir(name: string): string;
  systemLog(name: string): string;
  debugDir(name: string): string;
  stderrLog(name: string): string;
  /** The socket of a proxy's first instance, or of the instance named. */
  proxySocket(name: string, instance?: InstanceId): string;
}

/**
 * The paths under `MCP_ACP_HOME`, else under `~/.mcp-acp`. `logDir`, a setting of manager.json, moves `logs/` alone.
 * Throws AcpError('config_invalid') when `MCP_ACP_HOME` is not absolute: a relative one would name another home
 * for every working directory.
 */
export function homePaths(env: NodeJS.ProcessEnv, more: { readonly logDir?: string } = {}): HomePaths {
  const home = homeFolder(env);
  const proxies = join(home, 'proxies');
  const logs = more.logDir ?? join(home, 'logs');
  const run = join(home, 'run');
  const incidentsDir = join(home, 'incidents');
  const proxyDir = (name: string) => join(proxies, name);
  const proxyLogs = (name: string) => join(logs, 'proxies', name);
  return {
    home,
    managerConfig: join(home, 'manager.json'),
    proxies,
    logs,
    archive: join(home, 'archive'),
    db: join(home, 'db'),
    run,
    incidentsDir,
    incidents: {
      bootstrap: join(incidentsDir, 'bootstrap.jsonl'),
      shutdowns: join(incidentsDir, 'shutdowns.jsonl'),
      crashes: join(incidentsDir, 'crashes.jsonl'),
      emergency: join(incidentsDir, 'emergency.jsonl'),
    },
    get managerSocket() {
      return socketPath(home, run, 'manager.sock');
    },
    managerPid: join(run, 'manager.pid'),
    managerLock: join(run, 'manager.lock'),
    managerStartLock: join(run, 'manager.start'),
    managerSystemLog: join(logs, 'manager', 'system.jsonl'),
    managerOutput: join(logs, 'manager', 'output.log'),
    proxyDir,
    proxyConfig: (name) => join(proxyDir(name), 'config.json'),
    policy: (name) => join(proxyDir(name), 'policy.yaml'),
    policyHistory: (name) => join(proxyDir(name), 'policy-history'),
    proxyLogs,
    auditDir: (name) => join(proxyLogs(name), 'audit'),
    payloadsDir: (name) => join(proxyLogs(name), 'payloads'),
    systemLog: (name) => join(proxyLogs(name), 'system.jsonl'),
    debugDir: (name) => join(proxyLogs(name), 'debug'),
    stderrLog: (name) => join(proxyLogs(name), 'stderr.log'),
    proxySocket: (name, instance) =>
      socketPath(home, run, instance === undefined ? `proxy_${name}.sock` : `proxy_${name}.${instance}.sock`),
  };
}

function homeFolder(env: NodeJS.ProcessEnv): string {
  const named = env.MCP_ACP_HOME;
  if (named === undefined || named === '') return join(env.HOME || homedir(), '.mcp-acp');
  if (!isAbsolute(named)) {
    throw new AcpError('config_invalid', `MCP_ACP_HOME is not an absolute path: ${named}`, {
      fix: `Set it to ${resolve(named)}, for example.`,
    });
  }
  return resolve(named);
}

/**
 * A path that is too long for a socket moves to a short private folder, whose name and the file's are digests.
 * It depends on the home, the user and whether the system has a runtime folder for them, and on no variable: a client, a
 * terminal and a daemon have different `TMPDIR` and `XDG_RUNTIME_DIR` and must still meet. On a system that makes that
 * folder with the first login and removes it with the last, programs started on either side of one do not.
 */
function socketPath(home: string, run: string, file: string): string {
  const plain = join(run, file);
  if (Buffer.byteLength(plain) < socketPathBytes) return plain;
  const uid = process.getuid?.() ?? 0;
  return join(shortRuntimeFolder(uid), `mcp-acp-${uid}-${digest(home)}`, `${digest(file)}.sock`);
}

function shortRuntimeFolder(uid: number): string {
  const runtime = `/run/user/${uid}`;
  try {
    if (statSync(runtime).uid === uid) return runtime;
  } catch {
    // No such folder: this system has no systemd session for the user.
  }
  return '/tmp';
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
