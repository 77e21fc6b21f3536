import { readFileSync } from 'node:fs';
import { atomicWrite } from '@mcp-acp/config/atomic-write';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import {
  confirmations,
  confirmPolicy,
  isConfirmed,
  keepPolicyVersion,
  type PolicyVersion,
  policyDigest,
  policyVersions,
} from '@mcp-acp/config/policy-history';
import { readProxyConfigText } from '@mcp-acp/config/proxy-config';
import { withWriteLock } from '@mcp-acp/config/write-lock';
import { checkPolicy, parsePolicy } from '@mcp-acp/policy/check-policy';
import { compareLoosening } from '@mcp-acp/policy/loosening';
import { AcpError, systemErrorCode } from '@mcp-acp/shared/errors';
import type { Actor } from './actor.ts';

/** A policy file as it is now. `digest` is the version an edit of it must carry. */
export interface PolicyFile {
  readonly file: string;
  readonly text: string;
  readonly digest: string;
}

/** Throws AcpError: 'proxy_unknown', 'policy_invalid' when there is no file or it cannot be read. */
export function readPolicy(paths: HomePaths, name: string): PolicyFile {
  readProxyConfigText(paths, name);
  const file = paths.policy(name);
  try {
    const bytes = readFileSync(file);
    return { file, text: bytes.toString('utf8'), digest: policyDigest(bytes) };
  } catch (error) {
    throw new AcpError('policy_invalid', `${file} cannot be read (${systemErrorCode(error)}).`, {
      fix: `Restore a version: mcp-acp policy history --proxy ${name}`,
      cause: error,
    });
  }
}

export interface SavedPolicy {
  readonly version: PolicyVersion;
  /** False when the text was the same already. */
  readonly changed: boolean;
  /** Whether something is allowed now that was not, by the comparison of rules. Unknown where the old text was broken. */
  readonly loosening?: boolean;
  readonly rules: readonly string[];
}

/**
 * Puts `text` in the place of the version `edited`, keeps it as the next version, and confirms it: who saves here has
 * decided. Throws AcpError: 'policy_invalid', 'stale_edit' when the file is not the one that was edited.
 */
export function savePolicy(
  paths: HomePaths,
  edit: { readonly name: string; readonly text: string; readonly edited: string },
  actor: Actor,
): SavedPolicy {
  const { file } = readPolicy(paths, edit.name);
  const policy = parsePolicy(edit.text, file);
  const { before, ...saved } = withWriteLock(file, () => replacePolicy(paths, edit, actor));
  const old = saved.changed ? checkPolicy(before, file) : undefined;
  const compared = old?.ok ? compareLoosening(old.policy, policy) : undefined;
  return {
    ...saved,
    ...(compared === undefined ? {} : { loosening: compared.loosening }),
    rules: compared?.changed ?? [],
  };
}

function replacePolicy(
  paths: HomePaths,
  { name, text, edited }: { readonly name: string; readonly text: string; readonly edited: string },
  actor: Actor,
): { readonly before: string; readonly version: PolicyVersion; readonly changed: boolean } {
  const before = readPolicy(paths, name);
  if (before.digest !== edited) {
    throw new AcpError('stale_edit', `${before.file} was changed by someone else since it was read.`, {
      fix: 'Read it again and repeat the change.',
    });
  }
  const current = keepPolicyVersion(paths, name, before.text);
  if (before.text === text) {
    confirmPolicy(paths, name, { digest: current.digest, ...actor });
    return { before: before.text, version: current, changed: false };
  }
  const version = keepPolicyVersion(paths, name, text);
  // Before the file itself, for a running proxy that sees the file change asks at once whether it is confirmed.
  confirmPolicy(paths, name, { digest: version.digest, ...actor });
  atomicWrite(before.file, text);
  return { before: before.text, version, changed: true };
}

/** One version, for the list of them. */
export interface HistoryEntry extends PolicyVersion {
  readonly current: boolean;
  readonly confirmed?: { readonly by: string; readonly time: string; readonly channel: string };
}

/** Every version, oldest first. What is in the file now is kept first, so it is always among them. */
export function policyHistory(paths: HomePaths, name: string): readonly HistoryEntry[] {
  const now = readPolicy(paths, name);
  keepPolicyVersion(paths, name, now.text);
  const versions = policyVersions(paths, name);
  const confirmed = new Map(confirmations(paths, name).map((entry) => [entry.digest, entry]));
  const current = versions.findLast(({ digest }) => digest === now.digest)?.number;
  return versions.map((version) => {
    const word = confirmed.get(version.digest);
    return {
      ...version,
      current: version.number === current,
      ...(word === undefined ? {} : { confirmed: { by: word.by, time: word.time, channel: word.channel } }),
    };
  });
}

/** The text of a kept version. Throws AcpError('usage') for a number there is not. */
export function policyVersionText(paths: HomePaths, name: string, number: number): string {
  const versions = policyHistory(paths, name);
  const version = versions.find((entry) => entry.number === number);
  if (version === undefined) {
    throw new AcpError('usage', `There is no version ${number} of the policy of "${name}".`, {
      fix: `There are 1 to ${versions.at(-1)?.number ?? 0}: mcp-acp policy history --proxy ${name}`,
    });
  }
  return readFileSync(version.file, 'utf8');
}

/** Saves a kept version again, as a new one. Throws as {@link savePolicy} does. */
export function restorePolicy(
  paths: HomePaths,
  { name, number }: { readonly name: string; readonly number: number },
  actor: Actor,
): SavedPolicy {
  const text = policyVersionText(paths, name, number);
  return savePolicy(paths, { name, text, edited: readPolicy(paths, name).digest }, actor);
}

/** Writes down that the policy as it is now may take effect. Throws AcpError('policy_invalid'). */
export function confirmCurrentPolicy(
  paths: HomePaths,
  name: string,
  actor: Actor,
): { readonly version: PolicyVersion; readonly already: boolean } {
  const now = readPolicy(paths, name);
  parsePolicy(now.text, now.file);
  const version = keepPolicyVersion(paths, name, now.text);
  const already = isConfirmed(paths, name, version.digest);
  if (!already) confirmPolicy(paths, name, { digest: version.digest, ...actor });
  return { version, already };
}
