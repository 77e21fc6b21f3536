import type { Clock } from '@mcp-acp/shared/clock';
import type { RandomBytes } from '@mcp-acp/shared/ids';
import { digestOf, isSame, newSecret, type SecretDigest } from './secrets.ts';

const codeBytes = 16;
const lifeMs = 30_000;
/** Codes that may wait to be used at once; the oldest gives way. */
const mostWaiting = 16;
/** Used codes that are known again when somebody shows them a second time. */
const mostUsed = 64;
const guessWindowMs = 60_000;
const mostGuesses = 10;

export type Spent =
  /** Call `madeSession` before anything else can be spent. */
  | { readonly outcome: 'spent'; madeSession(session: string): void }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'expired' }
  /** Somebody else has the code too: the session it made is not to be trusted. `first`: nobody had shown it again before. */
  | { readonly outcome: 'reused'; readonly session: string | undefined; readonly first: boolean }
  /** `first`: it is this attempt that found the limit reached. */
  | { readonly outcome: 'limited'; readonly first: boolean };

export interface OneTimeCodes {
  create(): { readonly code: string; readonly expiresInMs: number };
  spend(code: string): Spent;
}

interface Code {
  readonly digest: SecretDigest;
  readonly endsMs: number;
  used: boolean;
  usedAgain: boolean;
  session: string | undefined;
}

/**
 * Codes of 128 bits that open one session each, within 30 seconds of the monotonic clock, so that a wall clock that is
 * set makes none live longer. They are held in memory alone and end with this start of the manager. That they cannot be
 * guessed is owed to their length: who tries takes nothing from the person who has the right one.
 */
export function createOneTimeCodes(clock: Clock, random: RandomBytes): OneTimeCodes {
  let codes: Code[] = [];
  /** When wrong codes came. */
  let guessesMs: number[] = [];
  let isToldOfLimit = false;

  const forget = (): void => {
    const now = clock.monotonicMs();
    const waiting = codes.filter(({ used, endsMs }) => !used && endsMs > now).slice(-mostWaiting);
    const used = codes.filter((code) => code.used).slice(-mostUsed);
    codes = [...used, ...waiting];
  };

  const isLimited = (): boolean => {
    const since = clock.monotonicMs() - guessWindowMs;
    guessesMs = guessesMs.filter((time) => time > since);
    if (guessesMs.length >= mostGuesses) return true;
    isToldOfLimit = false;
    return false;
  };

  /** Looks at every code, whichever it is. */
  const find = (digest: SecretDigest): Code | undefined => {
    let found: Code | undefined;
    for (const code of codes) if (isSame(code.digest, digest)) found = code;
    return found;
  };

  return {
    create: () => {
      const code = newSecret(random, codeBytes);
      codes.push({
        digest: digestOf(code),
        endsMs: clock.monotonicMs() + lifeMs,
        used: false,
        usedAgain: false,
        session: undefined,
      });
      forget();
      return { code, expiresInMs: lifeMs };
    },
    spend: (shown) => {
      const code = find(digestOf(shown));
      if (code?.used) {
        const first = !code.usedAgain;
        code.usedAgain = true;
        return { outcome: 'reused', session: code.session, first };
      }
      if (code === undefined || code.endsMs <= clock.monotonicMs()) {
        if (isLimited()) {
          const first = !isToldOfLimit;
          isToldOfLimit = true;
          return { outcome: 'limited', first };
        }
        guessesMs.push(clock.monotonicMs());
        return { outcome: code === undefined ? 'unknown' : 'expired' };
      }
      code.used = true;
      return {
        outcome: 'spent',
        madeSession: (session) => {
          code.session = session;
        },
      };
    },
  };
}
