import fc from 'fast-check';
import { expect, it } from 'vitest';
import { call, createPepUnderTest, parse, turn, watching } from './pep-under-test.ts';

const policies = [
  '  - { id: w, effect: ask, when: { tool_name: "write_*" }, grant: { ttl: 1h, scope: tool, uses: 2 } }\n',
  '  - { id: w, effect: ask, when: { tool_name: "write_*" } }\n',
  '  - { id: w, effect: deny, when: { tool_name: "write_*" } }\n',
  '  - { id: w, effect: allow, when: { tool_name: "write_a" } }\n  - { id: v, effect: ask, when: { tool_name: write_b } }\n',
] as const;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      tool: fc.constantFrom('write_a', 'write_a', 'write_b'),
      n: fc.nat(1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      which: fc.oneof(fc.constant(0), fc.nat(5)),
      yes: fc.boolean(),
      wide: fc.boolean(),
      channel: fc.constantFrom('cli' as const, 'dashboard' as const, 'dialog' as const),
    }),
  },
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('reply' as const), which: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 45_000, 300_000) }),
  fc.record({ kind: fc.constant('reload' as const), policy: fc.nat(policies.length - 1) }),
  fc.record({ kind: fc.constant('revoke' as const), which: fc.nat(3) }),
  fc.record({ kind: fc.constant('mute' as const) }),
);

it('[ASK-INTERLEAVED] in whatever order: one answer a call, nothing sent without a yes that stands, nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.boolean(),
      async (steps, somebody) => {
        const person = somebody ? watching : undefined;
        const pep = createPepUnderTest({ rules: policies[0], ...(person === undefined ? {} : { person }) });
        const desk = pep.point.approvals;
        const sent: number[] = [];
        const cancelled = new Set<number>();
        const shown = new Map<string, string>();
        for (const taken of steps) {
          for (const { approval, digest } of desk.list().pending) shown.set(approval, digest);
          // Newest first, so that most answers come in time.
          const known = [...shown].reverse();
          const inFlight = (): number[] =>
            pep.atServer.map((line) => parse(line).id).filter(Number.isInteger);
          switch (taken.kind) {
            case 'ask':
              sent.push(sent.length);
              await pep.say('client', call(sent.length - 1, taken.tool, { n: taken.n }));
              break;
            case 'answer': {
              // Questions that are over are answered too.
              const [approval, digest] = known[taken.which % Math.max(1, known.length)] ?? [];
              if (approval === undefined || digest === undefined) break;
              const reach = taken.wide ? { reach: { scope: 'tool' as const } } : {};
              const before = pep.atServer.length;
              try {
                const answer = taken.yes ? 'approve' : 'deny';
                const { result } = desk.answer({ approval, digest, answer, ...reach }, taken.channel);
                await turn();
                if (result !== 'released' && result !== 'asked_again')
                  expect(pep.atServer.length).toBe(before);
              } catch (error) {
                expect(error).toMatchObject({ code: expect.stringMatching(/^(reach_refused|not_found)$/) });
                expect(pep.atServer.length).toBe(before);
              }
              break;
            }
            case 'cancel': {
              const id = sent[taken.which % Math.max(1, sent.length)];
              if (id === undefined) break;
              if (!inFlight().includes(id)) cancelled.add(id);
              await pep.say('client', {
                jsonrpc: '2.0',
                method: 'notifications/cancelled',
                params: { requestId: id },
              });
              break;
            }
            case 'reply': {
              const id = inFlight()[taken.which];
              if (id !== undefined) await pep.say('server', { jsonrpc: '2.0', id, result: { content: [] } });
              break;
            }
            case 'wait':
              pep.clock.advance(taken.ms);
              await turn();
              break;
            case 'reload':
              pep.reload(policies[taken.policy] ?? '');
              await turn();
              break;
            case 'revoke': {
              const grant = desk.grants()[taken.which];
              if (grant !== undefined) expect(desk.revoke(grant.grant, 'cli')).toBe(true);
              break;
            }
            case 'mute':
              desk.mute({ tool: 'write_b', forMs: 60_000 }, 'cli');
              await turn();
              break;
          }
        }
        pep.point.clientGone();
        await turn();

        const atServer = pep.atServer
          .map((line) => parse(line))
          .filter(({ method }) => method === 'tools/call');
        expect(new Set(atServer.map(({ id }) => id)).size).toBe(atServer.length);
        for (const { id } of atServer) expect(cancelled.has(id)).toBe(false);
        const answered = pep.atClient.map((line) => parse(line).id);
        expect(new Set(answered).size).toBe(answered.length);

        const decided = pep.decisions().filter(({ class: kind }) => kind === 'access');
        expect(decided.map(({ requestId }) => requestId).sort()).toEqual(sent.map(String).sort());
        const ended = pep.journal.records.filter((record) => record.type === 'approval');
        for (const decision of decided) {
          if (decision.disposition !== 'forwarded' || decision.effect !== 'ask') continue;
          // Sent where a rule asks: by a person's yes to this very question, or by a grant that such a yes made.
          const { approval, grant } = decision;
          const yes = ended.filter((record) => record.event === 'approved' && record.approval === approval);
          expect(yes).toHaveLength(1);
          if (grant !== undefined)
            expect(ended.some((record) => record.event === 'grant_made' && record.grant === grant)).toBe(
              true,
            );
        }
        const over = ended.filter(
          ({ event }) => !['asked', 'open', 'grant_made', 'grant_ended'].includes(event),
        );
        expect(new Set(over.map(({ approval }) => approval)).size).toBe(over.length);
        // No grant is used more often than it says.
        for (const { grant, mostUses = Number.POSITIVE_INFINITY, event } of ended) {
          if (event !== 'grant_made') continue;
          const uses = decided.filter((decision) => decision.grant === grant);
          expect(uses.length).toBeLessThanOrEqual(mostUses);
        }
      },
    ),
    { numRuns: 500 },
  );
}, 120_000);
