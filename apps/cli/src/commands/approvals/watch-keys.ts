import { isWhole } from '@mcp-acp/admin/approval-facts';
import type { GrantOffer, GrantReach } from '@mcp-acp/shared/live/approval';
import { wordOf } from './confirm-typed.ts';
import type { Key } from './terminal-keys.ts';
import {
  isGuarded,
  moved,
  scrolled,
  type WatchEffect,
  type WatchMode,
  type WatchState,
} from './watch-state.ts';

export interface Pressed {
  readonly state: WatchState;
  readonly effect?: WatchEffect;
}

export interface Pressing {
  readonly nowMs: number;
  /** Lines of the card that are shown at once. */
  readonly page: number;
}

const mostTyped = 512;
const minute = 60_000;

/** What a key does. Pure: what must happen outside comes back as an effect. */
export function pressed(state: WatchState, key: Key, pressing: Pressing): Pressed {
  if (key.key === 'interrupt') return { state, effect: { effect: 'leave' } };
  if (state.keys.mode === 'list') return inList(state, key, pressing);
  if (key.key === 'escape')
    return { state: { ...state, keys: { mode: 'list' }, message: 'Nothing was answered.' } };
  if (key.key === 'page_up' || key.key === 'page_down') return turned(state, key.key === 'page_up', pressing);
  switch (state.keys.mode) {
    case 'scope':
      return chooseScope(state, key);
    case 'time':
      return chooseTime(state, state.keys, key);
    case 'uses':
    case 'confirm':
    case 'reason':
      return typing(state, state.keys, key);
  }
}

function inList(state: WatchState, key: Key, pressing: Pressing): Pressed {
  switch (key.key) {
    case 'up':
      return { state: moved(state, -1) };
    case 'down':
      return { state: moved(state, 1) };
    case 'home':
      return { state: moved(state, -state.questions.length) };
    case 'end':
      return { state: moved(state, state.questions.length) };
    case 'page_up':
    case 'page_down':
      return turned(state, key.key === 'page_up', pressing);
    case 'character':
      break;
    default:
      return { state };
  }
  switch (key.text) {
    case 'j':
      return { state: moved(state, 1) };
    case 'k':
      return { state: moved(state, -1) };
    case ' ':
      return turned(state, false, pressing);
    case 'b':
      return turned(state, true, pressing);
    case 'q':
      return { state, effect: { effect: 'leave' } };
    case 'a':
    case 'g':
    case 'd':
    case 'r':
      return begin(state, key.text, pressing);
    default:
      return { state };
  }
}

const turned = (state: WatchState, isBack: boolean, { page }: Pressing): Pressed => ({
  state: scrolled(state, isBack ? -Math.max(1, page - 1) : Math.max(1, page - 1)),
});

function begin(state: WatchState, what: 'a' | 'g' | 'd' | 'r', { nowMs }: Pressing): Pressed {
  const { card } = state;
  if (state.selected === undefined || state.isAnswering) return { state };
  if (card === undefined || isGuarded(state, nowMs)) {
    return { state: { ...state, message: 'This has just appeared: read it first.' } };
  }
  const asked = (keys: WatchMode): Pressed => ({ state: { ...state, keys, message: '' } });
  const told = (message: string): Pressed => ({ state: { ...state, message } });
  if (what === 'a' || what === 'g') {
    if (!isWhole(card)) return told(`Too long to be shown here: mcp-acp approvals approve ${card.approval}`);
    if (!state.isRead) return told('It goes on below: read it to its end first (space).');
  }
  switch (what) {
    case 'a':
      return asked({ mode: 'confirm', word: 'yes', reach: undefined, typed: '' });
    case 'g':
      if (card.offers.length > 0) return asked({ mode: 'scope' });
      return told('The rule lets a yes be good for this call only.');
    case 'd':
      return answer(state, { answer: 'deny' });
    case 'r':
      return asked({ mode: 'reason', typed: '' });
  }
}

function answer(
  state: WatchState,
  given: { readonly answer: 'approve' | 'deny'; readonly reach?: GrantReach; readonly reason?: string },
): Pressed {
  const { card } = state;
  if (card === undefined) return { state };
  const { approval, digest } = card;
  return {
    state: { ...state, keys: { mode: 'list' }, isAnswering: true, message: 'Answering…' },
    effect: { effect: 'answer', answer: { approval, digest, ...given } },
  };
}

/** The number a key is, where it is one of so many. From 0 on. */
function choice(key: Key, of: number): number | undefined {
  if (key.key !== 'character' || !/^[1-9]$/.test(key.text)) return undefined;
  const index = Number(key.text) - 1;
  return index < of ? index : undefined;
}

function chooseScope(state: WatchState, key: Key): Pressed {
  const offers = state.card?.offers ?? [];
  const offer = offers[choice(key, offers.length) ?? -1];
  if (offer === undefined) return { state };
  return { state: { ...state, keys: { mode: 'time', offer, times: timesOf(offer) } } };
}

/** Shorter than the most, and the most itself: the session where there is none. Milliseconds. */
const timesOf = ({ mostMs = Number.POSITIVE_INFINITY }: GrantOffer): readonly number[] => [
  ...[5 * minute, 60 * minute].filter((ms) => ms < mostMs),
  mostMs,
];

function chooseTime(state: WatchState, { offer, times }: WatchMode & { mode: 'time' }, key: Key): Pressed {
  const forMs = times[choice(key, times.length) ?? -1];
  if (forMs === undefined) return { state };
  const reach: GrantReach = {
    scope: offer.scope,
    ...(offer.path === undefined ? {} : { path: offer.path }),
    ...(Number.isFinite(forMs) ? { forMs } : {}),
  };
  return { state: { ...state, keys: { mode: 'uses', offer, reach, typed: '' } } };
}

type Typing = Extract<WatchMode, { readonly typed: string }>;

function typing(state: WatchState, keys: Typing, key: Key): Pressed {
  const typed = (text: string): Pressed => ({ state: { ...state, keys: { ...keys, typed: text } } });
  if (key.key === 'character') return typed(`${keys.typed}${key.text}`.slice(0, mostTyped));
  if (key.key === 'backspace') return typed([...keys.typed].slice(0, -1).join(''));
  return key.key === 'enter' ? entered(state, keys) : { state };
}

function entered(state: WatchState, keys: Typing): Pressed {
  const text = keys.typed.trim();
  switch (keys.mode) {
    case 'reason':
      return answer(state, text === '' ? { answer: 'deny' } : { answer: 'deny', reason: text });
    case 'uses': {
      if (text !== '' && !/^[1-9][0-9]{0,5}$/.test(text)) {
        return { state: { ...state, message: 'A number, or Enter alone.' } };
      }
      const reach = text === '' ? keys.reach : { ...keys.reach, uses: Number(text) };
      const word = wordOf(state.card?.tool);
      // The reach is shown in the place of the card, from its beginning.
      return {
        state: {
          ...state,
          keys: { mode: 'confirm', word, reach, typed: '' },
          scroll: 0,
          isRead: false,
          message: '',
        },
      };
    }
    case 'confirm': {
      if (text !== keys.word) {
        return { state: { ...state, keys: { mode: 'list' }, message: 'Nothing was answered.' } };
      }
      if (!state.isRead) return { state: { ...state, message: 'It goes on below: Page Down.' } };
      return answer(state, {
        answer: 'approve',
        ...(keys.reach === undefined ? {} : { reach: keys.reach }),
      });
    }
  }
}
