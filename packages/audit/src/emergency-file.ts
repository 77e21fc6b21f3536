import { hash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '@mcp-acp/shared/errors';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import { canonicalJson } from '@mcp-acp/shared/json';
import { type JournalDisk, writeFully } from './journal-disk.ts';

/** One slot is one line: JSON, spaces, a newline. An unused slot holds spaces only. */
const slotBytes = 512;
const slotCount = 128;

export interface Incident {
  readonly time: string;
  readonly code: string;
  readonly detail: string;
}

/** The second place for incidents: a file of fixed size, written in place, so that a full disk does not refuse it. */
export interface EmergencyFile {
  /** Writes one line. Never throws: there is no third place. */
  report(incident: Incident): void;
  close(): void;
}

export interface EmergencyOptions {
  readonly file: string;
  readonly disk: JournalDisk;
  readonly proxyId: ProxyId;
  readonly proxyName: string;
  readonly instance: InstanceId;
}

/** Opens `incidents/emergency.jsonl`, which all proxies share, and lays it out first where it does not exist. Throws system errors. */
export function openEmergencyFile({ file, disk, ...origin }: EmergencyOptions): EmergencyFile {
  const fd = openOrCreate(file, disk);
  const firstSlot = Number.parseInt(hash('sha256', origin.instance, 'hex').slice(0, 6), 16) % slotCount;
  return {
    report: (incident) => {
      try {
        const line = slotLine({ ...incident, ...origin });
        writeFully(disk, fd, { bytes: line, position: chooseSlot(fd, firstSlot) * slotBytes });
        disk.sync(fd, () => undefined);
      } catch {}
    },
    close: () => {
      try {
        disk.close(fd);
      } catch {}
    },
  };
}

function openOrCreate(file: string, disk: JournalDisk): number {
  let fd: number;
  try {
    fd = disk.open(file);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    try {
      disk.makeDirectory(dirname(file));
      fd = disk.create(file);
    } catch (problem) {
      if (systemErrorCode(problem) !== 'EEXIST') throw problem;
      fd = disk.open(file);
    }
  }
  if (fs.fstatSync(fd).size < slotBytes * slotCount) {
    const bytes = Buffer.alloc(slotBytes * slotCount, ' ');
    for (let slot = 1; slot <= slotCount; slot++) bytes[slot * slotBytes - 1] = 0x0a;
    try {
      writeFully(disk, fd, { bytes, position: 0 });
      disk.syncInline(fd);
    } catch (error) {
      disk.close(fd);
      throw error;
    }
  }
  return fd;
}

function slotLine(incident: Incident & Record<string, unknown>): Uint8Array {
  let line = canonicalJson(incident);
  for (let length = incident.detail.length; Buffer.byteLength(line) > slotBytes - 1; length >>= 1) {
    line = canonicalJson({ ...incident, detail: incident.detail.slice(0, length >> 1) });
    if (length === 0) break;
  }
  const bytes = Buffer.alloc(slotBytes, ' ');
  bytes.write(line, 0, slotBytes - 1, 'utf8');
  bytes[slotBytes - 1] = 0x0a;
  return bytes;
}

/** The first unused slot from this instance's own on, else the one with the oldest time. */
function chooseSlot(fd: number, firstSlot: number): number {
  const bytes = Buffer.alloc(slotBytes * slotCount);
  fs.readSync(fd, bytes, 0, bytes.length, 0);
  let oldest = firstSlot;
  let oldestTime = '\uffff';
  for (let step = 0; step < slotCount; step++) {
    const slot = (firstSlot + step) % slotCount;
    const line = bytes.toString('utf8', slot * slotBytes, (slot + 1) * slotBytes).trim();
    if (line === '') return slot;
    const time = /"time":"([^"]{1,40})"/.exec(line)?.[1] ?? '';
    if (time < oldestTime) {
      oldest = slot;
      oldestTime = time;
    }
  }
  return oldest;
}
