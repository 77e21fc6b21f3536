import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { openStream } from '@mcp-acp/audit/open-stream';
import { readPayload } from '@mcp-acp/audit/read-payload';
import { recordAt } from '@mcp-acp/audit/record-at';
import { streamFileName, streamHashHead } from '@mcp-acp/audit/record-hash';
import type { FoundRecord } from '@mcp-acp/db/search-records';
import { AcpError } from '@mcp-acp/shared/errors';
import { isInstanceId, type ProxyId } from '@mcp-acp/shared/ids';
import type { JsonObject } from '@mcp-acp/shared/json';
import type { JournalFolder } from './find-journals.ts';
import type { IncidentReport } from './incident-report.ts';

/** The line of a record, from its journal, wherever that is now. */
export function readWhole(
  folders: readonly JournalFolder[],
  found: FoundRecord,
  tampered: IncidentReport['tampered'],
): { readonly folder: JournalFolder; readonly record: JsonObject } {
  const place = { offset: found.offset, length: found.length, hash: found.hash.toString('hex') };
  let seen = false;
  for (const folder of folders) {
    const opened = openStream(join(folder.auditDir, streamFileName(found.stream)));
    if ('why' in opened) continue;
    seen = true;
    try {
      const text = recordAt(opened.fd, streamHashHead(found.proxy as ProxyId, found.stream), place);
      if (text !== undefined) return { folder, record: JSON.parse(text) as JsonObject };
    } finally {
      closeSync(opened.fd);
    }
  }
  if (!seen) throw new AcpError('not_found', `The journal of ${found.stream} is not there any more.`);
  const detail = `Record ${found.seq} of ${found.stream} is not what it was.`;
  const { proxyName, stream, instance } = found;
  tampered({
    ...{ proxyId: found.proxy as ProxyId, proxyName, stream, detail },
    ...(isInstanceId(instance) ? { instance } : {}),
  });
  throw new AcpError('audit_tampered', detail, {
    fix: `See what happened: mcp-acp audit verify --proxy ${proxyName}`,
  });
}

/** The arguments of a call, where they are still kept. */
export function keptPayload(
  { payloadsDir }: JournalFolder,
  { payload, instance }: JsonObject,
): string | undefined {
  return typeof payload === 'string' && typeof instance === 'string' && isInstanceId(instance)
    ? readPayload(payloadsDir, payload, instance)
    : undefined;
}
