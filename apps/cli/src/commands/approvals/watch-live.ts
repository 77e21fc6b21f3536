import { quotedCall } from '@mcp-acp/admin/approval-facts';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { proxyNames } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import type { ApprovalAnswer } from '@mcp-acp/shared/live/approval';
import { visible } from '@mcp-acp/shared/visible';
import { withApprovals } from '../../live/approvals.ts';
import { answeredText, endWithPlace } from './answer-text.ts';
import { findQuestion, readCard } from './find-question.ts';
import { followQuestions } from './follow-questions.ts';
import { openScreen } from './terminal-screen.ts';
import { watchFrame } from './watch-frame.ts';
import { pressed } from './watch-keys.ts';
import { emptyWatch, guardMs, type WatchState, withCard, withQuestions } from './watch-state.ts';

export interface WatchOptions {
  readonly paths: HomePaths;
  readonly proxy: string | undefined;
  readonly signal: AbortSignal;
}

/** More arguments than this are read with `approvals show`; the card says that it is not whole. UTF-16 units. */
const mostArguments = 1024 * 1024;
const tickMs = 1_000;
const mostNames = 8_192;

/** The live view: until the person leaves it, the terminal is gone or the signal is given. */
export async function watchLive({ paths, proxy, signal }: WatchOptions): Promise<void> {
  const left = new AbortController();
  const over = AbortSignal.any([left.signal, signal]);
  const answered = new Set<string>();
  /** What was shown here: a list may lack a question before it is told how that ended. */
  const names = new Map<string, string>();
  let state = emptyWatch;
  let page = 1;

  const screen = openScreen({
    keys: (keys) => {
      const wasList = state.keys.mode === 'list';
      for (const key of keys) {
        const next = pressed(state, key, { nowMs: performance.now(), page });
        change(next.state);
        if (next.effect?.effect === 'leave') return left.abort();
        if (next.effect?.effect === 'answer') void answer(next.effect.answer);
        // What came in one piece with the key that asks for words was not typed in answer to it.
        if (wasList && state.keys.mode !== 'list') return;
      }
    },
    resized: () => draw(),
    gone: () => left.abort(),
  });

  const draw = (): void => {
    if (over.aborted) return;
    const frame = watchFrame(state, screen.size(), performance.now());
    page = frame.page;
    // Further than to the end it is not turned, and from there it turns back at once.
    state = { ...state, scroll: frame.scroll, isRead: state.isRead || frame.showsEnd };
    screen.draw(frame.lines, frame.selected);
  };
  const change = (next: WatchState): void => {
    state = next;
    draw();
    void readSelected();
  };
  const say = (message: string): void => change({ ...state, message });

  let reading: string | undefined;
  const readSelected = async (): Promise<void> => {
    const { selected, card } = state;
    if (selected === undefined || card !== undefined || reading === selected) return;
    reading = selected;
    try {
      const read = await withApprovals(paths, proxyNames(paths), async (access) => {
        const { question, at } = await findQuestion(access, selected);
        return readCard(at, question.approval, mostArguments);
      });
      reading = undefined;
      change(withCard(state, read, performance.now()));
      setTimeout(draw, guardMs + 20).unref();
    } catch {
      // It is over or its proxy is away: the next look at the list says so, and asks again where it is not.
      reading = undefined;
    }
  };

  const answer = async (given: ApprovalAnswer): Promise<void> => {
    answered.add(given.approval);
    let message: string;
    try {
      message = await withApprovals(paths, proxyNames(paths), async (access) => {
        const { at } = await findQuestion(access, given.approval);
        const result = await at.api.proxy.answer.mutate({ ...at.target, ...given });
        return answeredText(result).join(' ');
      });
    } catch (error) {
      if (!(error instanceof AcpError)) throw error;
      message = visible(error.message, 500);
    }
    change({ ...state, isAnswering: false, message });
  };

  const timer = setInterval(draw, tickMs);
  draw();
  try {
    await followQuestions({
      paths,
      proxy,
      canAnswer: true,
      signal: over,
      listener: {
        seen: ({ asked, unheard }) => {
          for (const { question } of asked) names.set(question.approval, quotedCall(question));
          for (const [oldest] of names) {
            if (names.size <= mostNames) break;
            names.delete(oldest);
          }
          change(
            withQuestions(
              { ...state, unheard: unheard.length },
              asked.map(({ question }) => question),
              performance.now(),
            ),
          );
        },
        ended: ({ approval, end, channel }) => {
          const name = names.get(approval);
          names.delete(approval);
          if (name !== undefined && !answered.delete(approval))
            say(`${name}: ${endWithPlace(end, channel)}.`);
        },
        source: (source) => {
          const before = state.source;
          if (source === before) return;
          const text =
            source === 'manager'
              ? 'The manager is back.'
              : 'The manager is gone; the proxies are asked themselves.';
          change({ ...state, source, message: before === undefined ? state.message : text });
        },
        problem: (message) => say(visible(message, 500)),
      },
    });
  } finally {
    clearInterval(timer);
    screen.close();
  }
}
