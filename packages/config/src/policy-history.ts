import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { atomicCreate } from './atomic-write.ts';
import type { HomePaths } from './home-paths.ts';
import { ensurePrivateDir } from './private-dir.ts';

/** One version of a policy that was in force or saved. */
export interface PolicyVersion {
  /** From 1, in the order in which they were first seen. */
  readonly number: number;
  /** SHA-256 of the file's bytes, 64 hex digits: what journals call the policy's version. */
  readonly digest: string;
  readonly file: string;
}

/** A person's word that a version may take effect. */
export interface Confirmation {
  readonly digest: string;
  readonly time: string;
  /** `local:<name>` and the like. */
  readonly by: string;
  readonly channel: 'cli' | 'dashboard';
  /** Name of the question or the record that gave rise to it. */
  readonly because?: string;
}

export const policyDigest = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

const versionFile = /^([0-9]{6,12})\.yaml$/;

/** Every version kept, oldest first. */
export function policyVersions(paths: HomePaths, name: string): readonly PolicyVersion[] {
  return versionFiles(paths, name).map(({ number, file }) => ({
    number,
    file,
    digest: policyDigest(readFileSync(file)),
  }));
}

/**
 * Keeps a policy's text under the next number, unless the newest version is the same already. Proxies call it for
 * what they load, so that a version edited by hand is kept too. Of two writers at once, each gets a number of its own.
 */
export function keepPolicyVersion(
  paths: HomePaths,
  name: string,
  content: string | Uint8Array,
): PolicyVersion {
  const digest = policyDigest(content);
  const dir = paths.policyHistory(name);
  ensurePrivateDir(dir);
  for (;;) {
    const last = versionFiles(paths, name).at(-1);
    if (last !== undefined && policyDigest(readFileSync(last.file)) === digest) return { ...last, digest };
    const number = (last?.number ?? 0) + 1;
    const file = join(dir, `${String(number).padStart(6, '0')}.yaml`);
    if (atomicCreate(file, content)) return { number, digest, file };
  }
}

/** Writes down that a person accepts the version with this digest. Durable when it returns. */
export function confirmPolicy(paths: HomePaths, name: string, confirmation: Confirmation): void {
  const dir = paths.policyHistory(name);
  ensurePrivateDir(dir);
  const handle = openSync(confirmedFile(paths, name), 'a', 0o600);
  try {
    // One write of one line: appends of two processes do not mix.
    writeSync(handle, `${JSON.stringify(confirmation)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Every confirmation, oldest first. Lines that cannot be read confirm nothing. */
export function confirmations(paths: HomePaths, name: string): readonly Confirmation[] {
  let text: string;
  try {
    text = readFileSync(confirmedFile(paths, name), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const entry = JSON.parse(line) as Confirmation;
      return typeof entry?.digest === 'string' ? [entry] : [];
    } catch {
      return [];
    }
  });
}

/** Whether a person has accepted the policy whose bytes have this SHA-256. A running proxy asks before it loosens. */
export const isConfirmed = (paths: HomePaths, name: string, digest: string): boolean =>
  confirmations(paths, name).some((entry) => entry.digest === digest);

const confirmedFile = (paths: HomePaths, name: string) => join(paths.policyHistory(name), 'confirmed.jsonl');

function versionFiles(paths: HomePaths, name: string): { readonly number: number; readonly file: string }[] {
  const dir = paths.policyHistory(name);
  let entries: string[];
  try {
    entries = readdirSync(dir);
  } catch {
    return [];
  }
  return entries
    .flatMap((entry) => {
      const number = versionFile.exec(entry)?.[1];
      return number === undefined ? [] : [{ number: Number(number), file: join(dir, entry) }];
    })
    .sort((a, b) => a.number - b.number);
}
