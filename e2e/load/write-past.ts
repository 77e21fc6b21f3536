import { mkdirSync } from 'node:fs';
import { openJournal } from '@mcp-acp/audit/open-journal';
import type { InstanceId, ProxyId } from '@mcp-acp/shared/ids';
import type { DecisionBody, OutcomeBody } from '@mcp-acp/shared/journal-record';
import { seededRandom } from '../resources/seeded-random.ts';
import type { TempHome } from '../resources/temp-home.ts';

const tools = [
  'read_text_file',
  'read_multiple_files',
  'write_file',
  'edit_file',
  'create_directory',
  'list_directory',
  'move_file',
  'search_files',
  'get_file_info',
  'send_mail',
  'run_query',
  'delete_listing',
];

export interface Past {
  readonly proxies: readonly { readonly name: string; readonly id: string }[];
  readonly records: number;
}

/** How long ago the oldest record is. Milliseconds. */
const spanMs = 14 * 24 * 3_600_000;
/** Records between two turns of the event loop: the journal holds no more than it may. */
const perTurn = 2_000;

/** Fills the journals of a few proxies with records as proxies write them, through the journal itself. */
export async function writePast(
  home: TempHome,
  {
    proxies,
    records,
  }: {
    readonly proxies: readonly { readonly name: string; readonly id: string }[];
    readonly records: number;
  },
): Promise<Past> {
  const random = seededRandom(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const each = Math.floor(records / proxies.length);
  let written = 0;
  for (const [place, { name, id }] of proxies.entries()) {
    home.addProxy(name, { backend: ['node', '-v'] });
    const instance = `inst_${'abcdefghij'.charAt(place)}${'a'.repeat(15)}` as InstanceId;
    mkdirSync(home.paths.auditDir(name), { recursive: true, mode: 0o700 });
    mkdirSync(home.paths.incidentsDir, { recursive: true, mode: 0o700 });
    let at = Date.now() - spanMs;
    const journal = openJournal({
      auditDir: home.paths.auditDir(name),
      emergencyFile: home.paths.incidents.emergency,
      proxyId: id as ProxyId,
      proxyName: name,
      instance,
      durability: 'flush',
      clock: { now: () => at, monotonicMs: () => performance.now() },
      opened: { pid: process.pid, backend: name, subject: 'local:someone', configVersion: '0'.repeat(64) },
    });
    for (let call = 0; call < each / 2 - 1; call++) {
      at += Math.ceil((2 * spanMs * random()) / each);
      const tool = pick(tools);
      const denied = random() < 0.1;
      const decision: DecisionBody = {
        type: 'decision',
        from: 'client',
        class: 'access',
        requestId: String(call),
        method: 'tools/call',
        tool,
        client: 'claude-desktop',
        subject: 'local:someone',
        effect: denied ? 'deny' : 'allow',
        disposition: denied ? 'denied' : 'forwarded',
        ...(denied ? { reason: 'policy_denied' } : {}),
        decidedBy: denied ? 'no-secrets' : 'read-project',
        size: 100 + Math.floor(random() * 4_000),
        evalMs: 0.01 + random() / 10,
        waitMs: 0,
      };
      const seq = journal.append(decision);
      const outcome: OutcomeBody = {
        type: 'outcome',
        decision: seq,
        status: random() < 0.05 ? 'tool_error' : 'ok',
        requestId: String(call),
        method: 'tools/call',
        tool,
        size: 50 + Math.floor(random() * 20_000),
        digest: '0'.repeat(64),
        durationMs: 1 + random() * 80,
        backendMs: random() * 80,
      };
      if (denied) journal.append({ ...decision, requestId: `${call}b` });
      else journal.append(outcome);
      written += 2;
      if (call % (perTurn / 2) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await journal.close('client_closed');
    written += 2;
  }
  return { proxies, records: written };
}
