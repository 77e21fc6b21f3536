import type { Clock, Timers } from '@mcp-acp/shared/clock';
import type { ApprovalChannel, Grant } from '@mcp-acp/shared/live/approval';
import type { Binding } from './binding.ts';
import { liesWithin } from './grant-offers.ts';
import type { PlacesAskedAbout } from './places-asked-about.ts';
import { mostQuestions } from './question.ts';

/** What a grant lets through, or as a mute refuses. */
export interface GrantDraft {
  readonly effect: 'allow' | 'deny';
  readonly scope: Grant['scope'];
  readonly method: string;
  readonly tool: string | undefined;
  readonly prompt: string | undefined;
  readonly binding: Binding | undefined;
  readonly place: { readonly path: string; readonly folder: boolean } | undefined;
  readonly rule: string | undefined;
  readonly approval: string | undefined;
  readonly channel: ApprovalChannel;
  /** Told to whoever is refused by it. */
  readonly reason: string | undefined;
  /** Undefined: as long as the session. */
  readonly forMs: number | undefined;
  readonly mostUses: number | undefined;
}

export interface KeptGrant extends GrantDraft {
  readonly id: string;
  readonly madeAt: number;
  /** On the monotonic clock. */
  readonly endsMs: number | undefined;
  used: number;
  lastUsedAt: number | undefined;
}

/** A request that a rule asks about. */
export interface AskedRequest {
  readonly method: string;
  readonly tool: string | undefined;
  readonly binding: Binding;
  readonly places: PlacesAskedAbout;
}

export interface Grants {
  /** Undefined where there are too many already. */
  make(draft: GrantDraft): KeptGrant | undefined;
  /** Uses the grant that allows a request. */
  use(request: AskedRequest): KeptGrant | undefined;
  end(id: string, why: string): boolean;
  /** Ends it because a person wants so. False where there is none of that id. */
  revoke(id: string, why: string): boolean;
  /** Whether a person has taken it back. */
  isRevoked(id: string): boolean;
  /** A call went through by it. */
  countUse(grant: KeptGrant): void;
  /** The mute that speaks for a request, which counts as used. */
  useMute(request: AskedRequest): KeptGrant | undefined;
  /** Ends all that are bound to rules that are no more. */
  keepOnly(stillHolds: (grant: KeptGrant) => boolean, why: string): void;
  all(): readonly KeptGrant[];
}

export interface GrantsOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly newId: () => string;
  /** A grant is over, and why. */
  readonly ended: (grant: KeptGrant, why: string) => void;
}

const mostGrants = 1024;

/** Grants and mutes of one instance. They live in its memory and end with it. */
export function createGrants({ clock, timers, newId, ended }: GrantsOptions): Grants {
  const kept = new Map<string, { readonly grant: KeptGrant; readonly stop: () => void }>();

  /** The newest that were. */
  const revoked = new Set<string>();

  const end = (id: string, why: string): boolean => {
    const found = kept.get(id);
    if (found === undefined) return false;
    kept.delete(id);
    found.stop();
    ended(found.grant, why);
    return true;
  };

  const isOver = ({ endsMs }: KeptGrant): boolean => endsMs !== undefined && clock.monotonicMs() >= endsMs;

  const find = (request: AskedRequest, effect: 'allow' | 'deny'): KeptGrant | undefined => {
    for (const { grant } of kept.values()) {
      if (grant.effect === effect && !isOver(grant) && speaksFor(grant, request)) return grant;
    }
    return undefined;
  };

  const countUse = (grant: KeptGrant): void => {
    grant.used++;
    grant.lastUsedAt = clock.now();
    if (grant.mostUses !== undefined && grant.used >= grant.mostUses) end(grant.id, 'it is used up');
  };

  /** An answer to a question that is open always finds room: the oldest answer that nobody came back for goes, a no before a yes. */
  const makeRoomForAnswer = (): void => {
    if (kept.size < mostGrants + mostQuestions) return;
    const answers = [...kept.values()].flatMap(({ grant }) => (grant.scope === 'call' ? [grant] : []));
    const oldest = answers.find(({ effect }) => effect === 'deny') ?? answers[0];
    if (oldest !== undefined) end(oldest.id, 'there are too many');
  };

  const used = (grant: KeptGrant | undefined): KeptGrant | undefined => {
    if (grant !== undefined) countUse(grant);
    return grant;
  };

  return {
    make: (draft) => {
      if (draft.scope === 'call') makeRoomForAnswer();
      else if (kept.size >= mostGrants) return undefined;
      const id = newId();
      const endsMs = draft.forMs === undefined ? undefined : clock.monotonicMs() + draft.forMs;
      const grant: KeptGrant = {
        ...draft,
        id,
        madeAt: clock.now(),
        endsMs,
        used: 0,
        lastUsedAt: undefined,
      };
      const stop =
        draft.forMs === undefined
          ? () => undefined
          : timers.after(draft.forMs, () => end(id, 'its time is over'));
      kept.set(id, { grant, stop });
      return grant;
    },
    use: (request) => used(find(request, 'allow')),
    useMute: (request) => used(find(request, 'deny')),
    countUse,
    end,
    revoke: (id, why) => {
      if (!end(id, why)) return false;
      if (revoked.size >= mostGrants) revoked.delete(revoked.values().next().value as string);
      revoked.add(id);
      return true;
    },
    isRevoked: (id) => revoked.has(id),
    keepOnly: (stillHolds, why) => {
      for (const { grant } of [...kept.values()]) if (!stillHolds(grant)) end(grant.id, why);
    },
    all: () => [...kept.values()].map(({ grant }) => grant),
  };
}

function speaksFor(grant: KeptGrant, { method, tool, binding, places }: AskedRequest): boolean {
  // A mute is about the tool, whatever rule asks.
  if (grant.binding === undefined)
    return grant.tool !== undefined ? grant.tool === tool : grant.method === method;
  if (grant.scope === 'call' || grant.scope === 'exact') return grant.binding.digest === binding.digest;
  if (grant.binding.kind !== binding.kind) return false;
  if (grant.scope === 'tool') return true;
  return grant.place !== undefined && liesWithin(places, grant.place);
}
