import { randomBytes } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRecordEncoder } from '@mcp-acp/audit/encode-record';
import { chainHash, streamHashHead } from '@mcp-acp/audit/record-hash';
import { createPathResolver } from '@mcp-acp/config/path-resolver';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import type { AccessRequest } from '@mcp-acp/policy/access-request';
import { checkPolicy } from '@mcp-acp/policy/check-policy';
import { compilePolicy } from '@mcp-acp/policy/compile-policy';
import { decide } from '@mcp-acp/policy/decide';
import { extractFacts } from '@mcp-acp/policy/facts';
import { newInstanceId, newProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody } from '@mcp-acp/shared/journal-record';
import { pathCall, typicalCall } from './load.ts';
import { type Summary, summarize } from './statistics.ts';
import { typicalPolicy } from './typical-policy.ts';

export interface StageCost extends Summary {
  readonly stage: string;
}

/** Microseconds of one run of `work`, measured in batches so that the clock's own cost does not show. */
function timed(stage: string, samples: number, work: () => unknown): StageCost {
  const batch = 50;
  const values: number[] = [];
  for (let sample = -Math.ceil(samples / 4); sample < samples; sample++) {
    const start = performance.now();
    for (let index = 0; index < batch; index++) work();
    if (sample >= 0) values.push(((performance.now() - start) * 1000) / batch);
  }
  return { stage, ...summarize(values) };
}

/** What the parts of one typical call cost in this process, from the rooms' own sources; `folder` is on the disk measured. */
export function stageCosts(folder: string, samples: number): readonly StageCost[] {
  const line = Buffer.from(
    JSON.stringify({ jsonrpc: '2.0', id: 12_345, method: 'tools/call', params: typicalCall }),
  );
  const answer = Buffer.from(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 12_345,
      result: { content: [{ type: 'text', text: 'x'.repeat(200) }] },
    }),
  );
  const checked = checkPolicy(typicalPolicy(100), 'policy.yaml');
  if (!checked.ok) throw new Error(checked.problems[0]?.message ?? 'the policy of the bench is not valid');
  const policy = compilePolicy(checked.policy, '0'.repeat(64));
  const paths = createPathResolver({ cwd: folder, home: folder });
  const request: AccessRequest = {
    method: 'tools/call',
    from: 'client',
    toolName: typicalCall.name,
    arguments: typicalCall.arguments,
    tool: { annotations: { readOnlyHint: true } },
    backendId: 'bench',
    backendKind: 'stdio',
    subjectId: 'local:bench',
    client: 'bench',
  };
  const withPath: AccessRequest = { ...request, arguments: pathCall.arguments };
  const facts = extractFacts(request, paths);
  const proxyId = newProxyId((length) => randomBytes(length));
  const instance = newInstanceId((length) => randomBytes(length));
  const encode = createRecordEncoder(proxyId, 'bench', instance);
  const head = streamHashHead(proxyId, `${instance}.0001`);
  const body: DecisionBody = {
    type: 'decision',
    from: 'client',
    class: 'access',
    requestId: '12345',
    method: 'tools/call',
    tool: 'echo',
    client: 'bench',
    clientVersion: '1.0.0',
    revision: '2025-11-25',
    subject: 'local:bench',
    effect: 'allow',
    disposition: 'forwarded',
    decidedBy: 'echo',
    matched: [{ rule: 'echo', effect: 'allow', conditions: ['tool_name'] }],
    policyVersion: '0'.repeat(64),
    size: line.length,
    evalMs: 0.012,
  };
  const place = { seq: 100, time: new Date().toISOString(), prev: 'a'.repeat(64) };
  const record = `${encode(body, place)},"hash":"${'b'.repeat(64)}"}\n`;
  const file = openSync(join(folder, 'bench-stage'), 'w', 0o600);
  try {
    return [
      timed('scan and strict check of a call', samples, () => checkMessage(line)),
      timed('scan and strict check of an answer', samples, () => checkMessage(answer)),
      timed('facts', samples, () => extractFacts(request, paths)),
      timed('facts, with a path to resolve', samples, () => extractFacts(withPath, paths)),
      timed('decision, 100 rules', samples, () => decide(policy, facts)),
      timed('record: encode', samples, () => encode(body, place)),
      timed('record: hash', samples, () => chainHash(head, place.prev, record)),
      timed('record: write at the end', samples, () => writeSync(file, record)),
      diskSync(file, record, samples),
    ];
  } finally {
    closeSync(file);
  }
}

/** The disk's own part: one record written and synced, as the first of a group commit waits for it. */
function diskSync(file: number, record: string, samples: number): StageCost {
  const values: number[] = [];
  for (let sample = -5; sample < samples; sample++) {
    writeSync(file, record);
    const start = performance.now();
    fdatasyncSync(file);
    if (sample >= 0) values.push((performance.now() - start) * 1000);
  }
  return { stage: 'fdatasync of this disk', ...summarize(values) };
}
