import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** What one tap saw, and which process started it and which it started. */
export interface TapEnd {
  readonly pid: number;
  readonly parent: number;
  readonly child: number;
  readonly toServer: Buffer;
  readonly toClient: Buffer;
}

/** Both ends of one instance of a proxy: what its client's side saw, and what its backend's side saw. */
export interface TappedInstance {
  readonly near: TapEnd;
  readonly far: TapEnd;
}

export function readTaps(directory: string, label: 'near' | 'far'): TapEnd[] {
  return readdirSync(directory)
    .filter((file) => file.startsWith(`${label}.`) && file.endsWith('.json'))
    .map((file) => {
      const stem = join(directory, file.slice(0, -'.json'.length));
      const meta = JSON.parse(readFileSync(join(directory, file), 'utf8'));
      return {
        ...meta,
        toServer: readFileSync(`${stem}.to-server`),
        toClient: readFileSync(`${stem}.to-client`),
      };
    });
}

/** Matches the taps of a directory by process: the near tap started the proxy that started the far tap. */
export function tappedInstances(directory: string): readonly TappedInstance[] {
  const far = readTaps(directory, 'far');
  return readTaps(directory, 'near')
    .sort((a, b) => a.pid - b.pid)
    .flatMap((near) => {
      const match = far.find((end) => end.parent === near.child);
      return match === undefined ? [] : [{ near, far: match }];
    });
}

/** Everything that was sent on one side arrived on the other, byte for byte, and nothing else did. */
export function expectByteEqual(instance: TappedInstance): void {
  expect(instance.far.toServer.toString('latin1')).toBe(instance.near.toServer.toString('latin1'));
  expect(instance.near.toClient.toString('latin1')).toBe(instance.far.toClient.toString('latin1'));
}

export const messagesIn = (bytes: Buffer): readonly Record<string, unknown>[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
