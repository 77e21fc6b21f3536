import type { Answered, GrantOffer, PendingApproval } from '@mcp-acp/shared/live/approval';
import { endOfApproval } from '@mcp-acp/shared/live/approval-end';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type GuardEvent,
  guardMs,
  mayAnswer,
  stepGuard,
  unguarded,
} from '../../src/features/approvals/answer-guard.ts';
import { answeredWords, endedWords, tooLateWords } from '../../src/features/approvals/answer-words.ts';
import { approvalKey } from '../../src/features/approvals/approval-keys.ts';
import {
  durationChoices,
  grantChoices,
  reachOf,
  usesOf,
} from '../../src/features/approvals/grant-choices.ts';
import {
  askedBySeveral,
  byInstance,
  groupPending,
  neighbour,
  waitingRows,
} from '../../src/features/approvals/group-pending.ts';
import { deadlineOf, timeLeftWords } from '../../src/features/approvals/time-left.ts';
import { cardLabel, nameOf, whatIsAsked } from '../../src/features/approvals/what-is-asked.ts';

const question = (number: number, more: Partial<PendingApproval> = {}): PendingApproval =>
  ({
    approval: `appr_${number}`,
    method: 'tools/call',
    tool: `tool-${number % 3}`,
    proxy: { id: 'px', name: `proxy-${number % 2}`, instance: `inst_${number % 4}` },
    ...more,
  }) as unknown as PendingApproval;
const questions = fc
  .array(fc.record({ tool: fc.constantFrom('a', 'b', undefined), rule: fc.constantFrom('r', undefined) }), {
    maxLength: 60,
  })
  .map((list) => list.map((more, index) => question(index, more as Partial<PendingApproval>)));

describe('the guard before an answer', () => {
  const events = fc.array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('one', 'two').map((what): GuardEvent => ({ type: 'shown', what })),
        fc.constantFrom<GuardEvent>({ type: 'hidden' }, { type: 'focused' }),
      ),
      fc.integer({ min: 0, max: 400 }),
    ),
    { maxLength: 30 },
  );

  it('[DASH-GUARD] lets nothing through for half a second after what is seen has changed or came to the front', () => {
    fc.assert(
      fc.property(events, (steps) => {
        let guard = unguarded;
        let nowMs = 0;
        let shown: string | undefined;
        let since = 0;
        for (const [event, waitMs] of steps) {
          nowMs += waitMs;
          const changed = event.type === 'shown' ? event.what !== shown : true;
          if (event.type === 'shown') shown = event.what;
          if (event.type === 'hidden') shown = undefined;
          if (changed) since = nowMs;
          guard = stepGuard(guard, event, nowMs);
          for (const laterMs of [0, 1, guardMs - 1, guardMs, guardMs + 1]) {
            const expected = shown !== undefined && nowMs + laterMs - since >= guardMs;
            expect(mayAnswer(guard, nowMs + laterMs)).toBe(expected);
          }
        }
      }),
    );
  });

  it('[DASH-GUARD] counts a click as of when it was made, not of when it was handled', () => {
    const guard = stepGuard(unguarded, { type: 'shown', what: 'card' }, 1_000);
    expect(mayAnswer(guard, 900)).toBe(false);
    expect(mayAnswer(guard, 1_000 + guardMs)).toBe(true);
  });
});

describe('a thousand questions', () => {
  it('are each in one group of their proxy, tool and rule, in the order of who waits longest', () => {
    fc.assert(
      fc.property(questions, (pending) => {
        const groups = groupPending(pending);
        const all = groups.flatMap(({ questions }) => questions.map(({ approval }) => approval));
        expect(new Set(all)).toEqual(new Set(pending.map(({ approval }) => approval)));
        expect(all.length).toBe(pending.length);
        const firsts = groups.map(({ questions }) => pending.indexOf(questions[0] as PendingApproval));
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
        for (const group of groups) {
          expect(new Set(group.questions.map((q) => `${q.proxy.name} ${q.tool} ${q.rule}`)).size).toBe(1);
        }
      }),
    );
  });

  it('for different prompts are in different groups, each by its name', () => {
    const ask = (number: number, more: object): PendingApproval =>
      question(number, { tool: undefined, method: 'prompts/get', rule: 'r', ...more });
    const groups = groupPending([
      ask(0, { prompt: 'summary' }),
      ask(2, { prompt: 'deploy' }),
      ask(4, { prompt: 'summary' }),
      ask(6, { method: 'resources/read', resource: 'file:///a' }),
      ask(8, { method: 'resources/read', resource: 'file:///b' }),
    ]);
    expect(groups.map(({ kind, what, questions }) => [kind, what, questions.length])).toEqual([
      ['prompt', 'summary', 2],
      ['prompt', 'deploy', 1],
      [undefined, 'resources/read', 2],
    ]);
  });

  it('name their instance where several of one proxy ask', () => {
    const ask = (number: number, name: string, instance: string): PendingApproval =>
      question(number, { proxy: { id: 'px', name, instance } } as Partial<PendingApproval>);
    const pending = [ask(0, 'files', 'inst_a'), ask(1, 'git', 'inst_b'), ask(2, 'files', 'inst_c')];
    expect([...askedBySeveral(pending)]).toEqual(['files']);
  });

  it('show every group, and of those that are open every question', () => {
    const pending = Array.from({ length: 1_000 }, (_, index) => question(index));
    const groups = groupPending(pending);
    const rows = waitingRows(groups, new Set());
    expect(rows.filter(({ kind }) => kind === 'group').length).toBe(6);
    expect(rows.filter(({ kind }) => kind === 'question').length).toBe(groups[0]?.questions.length);
    const opened = waitingRows(groups, new Set(groups.slice(1).map(({ key }) => key)));
    expect(opened.filter(({ kind }) => kind === 'question').length).toBe(1_000);
  });

  it('are denied by the instance, each once', () => {
    fc.assert(
      fc.property(questions, (pending) => {
        const batches = byInstance(pending);
        const all = batches.flatMap(({ approvals }) => approvals);
        expect([...all].sort()).toEqual(pending.map(({ approval }) => approval).sort());
        expect(new Set(batches.map(({ instance }) => instance)).size).toBe(batches.length);
      }),
    );
    const many = Array.from({ length: 5_000 }, (_, index) => question(index * 4));
    expect(byInstance(many).map(({ approvals }) => approvals.length)).toEqual([4_096, 904]);
  });

  it('are gone through one after another, and the place is kept when the current one goes', () => {
    const list = ['a', 'b', 'c'];
    expect(neighbour(list, { approval: 'a', index: 0 }, 1)).toBe('b');
    expect(neighbour(list, { approval: 'c', index: 2 }, 1)).toBe('c');
    expect(neighbour(list, { approval: 'a', index: 0 }, -1)).toBe('a');
    expect(neighbour(list, { approval: 'gone', index: 1 }, 0)).toBe('b');
    expect(neighbour(list, { approval: 'gone', index: 9 }, 0)).toBe('c');
    expect(neighbour([], { approval: undefined, index: 0 }, 1)).toBeUndefined();
  });

  it('are gone through to the end of their group before another', () => {
    const list = ['a', 'b', 'x', 'y'];
    const alike = new Set(['a', 'b']);
    expect(neighbour(list, { approval: 'gone', index: 1, alike }, 0)).toBe('b');
    expect(neighbour(list, { approval: 'gone', index: 2, alike }, 0)).toBe('b');
    expect(neighbour(list, { approval: 'gone', index: 2, alike: new Set() }, 0)).toBe('x');
    expect(neighbour(list, { approval: 'b', index: 1, alike }, 1)).toBe('x');
  });
});

describe('how far a yes reaches', () => {
  const offers = fc.record(
    {
      scope: fc.constantFrom('exact', 'path', 'tool'),
      path: fc.constant('/home/u/project'),
      folder: fc.boolean(),
      mostMs: fc.integer({ min: 1_000, max: 90_000_000 }),
      mostUses: fc.integer({ min: 1, max: 50 }),
    },
    { requiredKeys: ['scope'] },
  ) as fc.Arbitrary<GrantOffer>;

  it('is never further than the rule offers', () => {
    fc.assert(
      fc.property(fc.array(offers, { maxLength: 8 }), fc.string(), (list, typed) => {
        const choices = grantChoices(list, 'tool');
        expect(choices.length).toBe(list.length + 1);
        for (const choice of choices) {
          const { offer } = choice;
          if (offer === undefined) {
            expect(reachOf(choice, undefined, 1)).toBeUndefined();
            continue;
          }
          for (const duration of durationChoices(offer)) {
            const reach = reachOf(choice, duration, usesOf(typed, offer)?.uses);
            expect(reach?.scope).toBe(offer.scope);
            expect(reach?.path).toBe(offer.path);
            expect(reach?.forMs ?? 0).toBeLessThanOrEqual(offer.mostMs ?? Number.POSITIVE_INFINITY);
            expect(reach?.uses ?? 1).toBeLessThanOrEqual(offer.mostUses ?? Number.POSITIVE_INFINITY);
          }
        }
      }),
    );
  });

  it('offers five minutes and an hour within it, and the longest last', () => {
    const labels = (mostMs?: number) =>
      durationChoices({ scope: 'tool', ...(mostMs === undefined ? {} : { mostMs }) }).map(
        ({ label }) => label,
      );
    expect(labels()).toEqual(['5 minutes', '1 hour', 'This session']);
    expect(labels(900_000)).toEqual(['5 minutes', '15 minutes (the longest the rule allows)']);
    expect(labels(60_000)).toEqual(['1 minute (the longest the rule allows)']);
  });

  it('takes uses that are a number the rule allows, or none', () => {
    expect(usesOf(' 3 ', { scope: 'tool', mostUses: 3 })).toEqual({ uses: 3 });
    expect(usesOf('', { scope: 'tool', mostUses: 3 })).toEqual({});
    for (const typed of ['4', '0', '-1', '1.5', 'x', '1e3']) {
      expect(usesOf(typed, { scope: 'tool', mostUses: 3 }), typed).toBeUndefined();
    }
  });
});

describe('what a question is about', () => {
  const method = 'prompts/get';
  it('is the tool, else the prompt or the resource with what that is, else the method', () => {
    expect(whatIsAsked({ method, tool: 'write_file', prompt: 'x' })).toEqual({ name: 'write_file' });
    expect(whatIsAsked({ method, prompt: 'deploy' })).toEqual({ name: 'deploy', kind: 'prompt' });
    expect(whatIsAsked({ method, resource: 'file:///a' })).toEqual({ name: 'file:///a', kind: 'resource' });
    expect(whatIsAsked({ method })).toEqual({ name: method });
  });

  it('is said with nothing hidden in it', () => {
    expect(nameOf({ method, prompt: 'de\u202eploy' })).toBe('prompt de\\u{202e}ploy');
    expect(cardLabel({ method, prompt: 'de\u202eploy' })).toBe('Approval of a prompt: de\\u{202e}ploy');
    expect(cardLabel({ method, tool: 'write_file' })).toBe('Approval: write_file');
  });
});

describe('what is said of an answer', () => {
  const answered = (result: Answered['result'], more: Partial<Answered['ended']> = {}): Answered =>
    ({
      result,
      ended: { end: 'denied', method: 'tools/call', time: '2026-01-01T00:00:00Z', ...more },
    }) as Answered;

  it('tells who lost by whom and how it was answered', () => {
    expect(answeredWords(answered('too_late', { channel: 'cli' }), 'write_file').text).toBe(
      'write_file: Answered already from the terminal: denied.',
    );
    for (const end of endOfApproval)
      expect(tooLateWords({ end })).toMatch(/^(Answered already|Too late): .+\.$/);
  });

  it('tells who only looked how it ended, not that they were too late', () => {
    for (const end of endOfApproval) {
      const words = endedWords({ end }, 'held');
      if (end === 'superseded' || end === 'joined') expect(words).toBeUndefined();
      else expect(words).toMatch(/^(?!Too late).+\.$/);
    }
    expect(endedWords({ end: 'policy_allowed' }, 'held')).toBe('the policy allows it now; the call went on.');
    expect(endedWords({ end: 'policy_allowed' }, 'open')).toBe(
      'the policy allows it now; its next attempt goes through.',
    );
  });

  it('does not call a yes that could not be carried out a no', () => {
    expect(answeredWords(answered('refused', { end: 'approved' }), 'write_file')).toEqual({
      level: 'warning',
      text: 'write_file: approved, but it could not be sent: nothing was run. The agent was told.',
    });
    expect(answeredWords(answered('refused', { end: 'policy_denied' }), 'x').text).not.toContain('denied');
    expect(answeredWords(answered('refused'), 'x').text).toContain('denied');
  });

  it('tells what became of the call', () => {
    const texts = (['released', 'refused', 'next_attempt', 'asked_again', 'too_late'] as const).map(
      (result) => answeredWords(answered(result), 'x').text,
    );
    expect(new Set(texts).size).toBe(5);
  });
});

describe('keys and clocks', () => {
  const pressed = (key: string, more: object = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    isComposing: false,
    ...more,
  });

  it('a key means something alone only, and a held key answers nothing', () => {
    expect(['a', 'g', 'd', 'j', 'k'].map((key) => approvalKey(pressed(key)))).toEqual([
      'approve',
      'grant',
      'deny',
      'next',
      'previous',
    ]);
    for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { shiftKey: true }]) {
      expect(approvalKey(pressed('a', more))).toBeUndefined();
    }
    expect(approvalKey(pressed('a', { repeat: true }))).toBeUndefined();
    expect(approvalKey(pressed('j', { repeat: true }))).toBe('next');
    for (const key of ['A', 'Enter', ' ', 'constructor']) expect(approvalKey(pressed(key))).toBeUndefined();
  });

  it('time left counts from when it was told, and says so in words', () => {
    expect(deadlineOf(45_000, 1_000_000)).toBe(1_045_000);
    expect([0, 400, 1_000, 59_400, 61_000, 600_000, 3_600_000].map(timeLeftWords)).toEqual([
      '0 s',
      '1 s',
      '1 s',
      '60 s',
      '1 min 1 s',
      '10 min',
      '1 h',
    ]);
  });
});
