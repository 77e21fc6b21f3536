import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { streamBeginning } from '@mcp-acp/audit/chain-check';
import { listStreams } from '@mcp-acp/audit/read-records';
import { streamFileName } from '@mcp-acp/audit/record-hash';
import { createLedgerReader, type LedgerStream } from '@mcp-acp/audit/verify-ledger';
import type { HistoryDatabase } from '@mcp-acp/db/open-database';
import { positionsOf, type StoredPosition } from '@mcp-acp/db/positions';
import type { StreamName, StreamPlace } from '@mcp-acp/db/stream-rows';
import type { ProxyId } from '@mcp-acp/shared/ids';
import type { JournalFolder } from './find-journals.ts';
import type { IncidentReport } from './incident-report.ts';

/** A stream that is not read to its end yet, as far as it will have one. */
export interface FollowedStream {
  readonly folder: JournalFolder;
  readonly proxyId: ProxyId;
  readonly name: StreamName;
  known: LedgerStream;
  place: StreamPlace;
  /** Nothing more was there when it was looked at last. */
  idle: boolean;
  behindBytes: number;
  /** How often in a row what follows was not what it should be, and when that was seen first. */
  doubts: number;
  doubtedMs: number;
  /** Why its file could not be read. */
  unreadable?: string;
}

export interface FollowedJournal {
  readonly folder: JournalFolder;
  /** Streams that are followed. */
  readonly streams: ReadonlyMap<string, FollowedStream>;
  /** Reads a part of the ledger; all streams may have more then. True where the whole ledger has been read. */
  refresh(): boolean;
  /** Whether the whole ledger has been read once. */
  readonly whole: boolean;
  /** Nothing will follow in this stream, or nothing that will be read. */
  finished(stream: FollowedStream): void;
  /** Lets go of its streams. */
  leave(): void;
}

/** Entries of a ledger that are read at once. */
const entriesAtOnce = 100;
/** How often it is looked for files that no ledger knows. Milliseconds. */
const strangersMs = 60_000;

export interface FollowParts {
  readonly database: HistoryDatabase;
  readonly incidents: IncidentReport;
  readonly nowMs: () => number;
  /** Streams that some journal here follows: a copy of a journal holds no records of its own. */
  readonly taken: Map<string, FollowedJournal>;
}

export function followJournal(folder: JournalFolder, parts: FollowParts): FollowedJournal {
  const { database, incidents, taken } = parts;
  const reader = createLedgerReader(folder.auditDir);
  const streams = new Map<string, FollowedStream>();
  let stored: Map<string, StoredPosition> | undefined;
  let seenEntries = 0;
  let readOnce = false;
  let toldProblems = 0;
  let strangersAtMs = Number.NEGATIVE_INFINITY;

  const follow = (proxyId: ProxyId, stream: string, known: LedgerStream): void => {
    const followed = streams.get(stream);
    if (followed !== undefined) {
      followed.known = known;
      return;
    }
    const key = `${proxyId}/${stream}`;
    const position = stored?.get(stream);
    if (taken.has(key) || (position !== undefined && position.state !== 'open')) return;
    taken.set(key, journal);
    const { instance } = known.open;
    streams.set(stream, {
      folder,
      proxyId,
      name: { proxy: proxyId, instance, stream },
      known,
      place: position ?? { ...streamBeginning(known.openingHash ?? ''), state: 'open' },
      idle: false,
      behindBytes: known.end === undefined ? 0 : known.end.size - (position?.offset ?? 0),
      doubts: 0,
      doubtedMs: 0,
    });
  };

  const report = (what: string, detail: string): void => {
    const id = reader.ledger.proxyId;
    incidents.report(`${what} of ${id ?? folder.auditDir}`, {
      ...(id === undefined ? {} : { proxy: { id, name: folder.name } }),
      code: 'audit_tampered',
      detail,
    });
  };

  /** Files before ledger: one that holds anything is in the ledger by then. */
  const strangers = (): string[] => {
    if (parts.nowMs() - strangersAtMs < strangersMs) return [];
    strangersAtMs = parts.nowMs();
    const known = reader.ledger.streams;
    return listStreams(folder.auditDir).filter((stream) => {
      if (known.has(stream)) return false;
      const stat = lstatSync(join(folder.auditDir, streamFileName(stream)), { throwIfNoEntry: false });
      return stat !== undefined && (!stat.isFile() || stat.size > 0);
    });
  };

  const journal: FollowedJournal = {
    folder,
    streams,
    refresh: () => {
      const unknown = strangers();
      const whole = reader.advance(entriesAtOnce);
      const { ledger } = reader;
      const { proxyId } = ledger;
      if (proxyId !== undefined && ledger.read !== seenEntries) {
        stored ??= new Map(positionsOf(database, proxyId).map((position) => [position.stream, position]));
        for (const [stream, known] of ledger.streams) follow(proxyId, stream, known);
        seenEntries = ledger.read;
      }
      for (const stream of streams.values()) stream.idle = false;
      for (; toldProblems < ledger.problems.length; toldProblems++) {
        const { entry, why } = ledger.problems[toldProblems] ?? { entry: 0, why: '' };
        report(`ledger ${entry}`, `Entry ${entry} of the ledger: ${why}.`);
      }
      readOnce ||= whole;
      if (whole) {
        for (const stream of unknown.filter((stream) => !ledger.streams.has(stream))) {
          report(`stranger ${stream}`, `${streamFileName(stream)}: the ledger does not know this stream.`);
        }
      } else if (unknown.length > 0) strangersAtMs = Number.NEGATIVE_INFINITY;
      return whole;
    },
    get whole() {
      return readOnce;
    },
    finished: ({ name }) => {
      streams.delete(name.stream);
      stored?.set(name.stream, { ...finishedPlace, stream: name.stream });
    },
    leave: () => {
      for (const [key, owner] of taken) if (owner === journal) taken.delete(key);
    },
  };
  return journal;
}

/** Of a stream that is not followed any more only that matters. */
const finishedPlace: Omit<StoredPosition, 'stream'> = {
  id: 0,
  offset: 0,
  seq: 0,
  hash: '',
  ended: true,
  state: 'closed',
};
