export interface Segment {
  readonly part: 'policy' | 'person' | 'backend' | 'proxy';
  readonly ms: number;
  /** Of the whole, 0 to 1. */
  readonly share: number;
}

interface Times {
  readonly evalMs?: number | undefined;
  readonly waitMs?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly backendMs?: number | undefined;
}

/**
 * Where the time of a call went. What neither the policy, nor a person, nor the backend took was the proxy's own: reading,
 * recording, sending. Without a duration the call never ran, and the whole is what was measured.
 */
export function timingOf({ evalMs, waitMs, durationMs, backendMs }: Times): {
  readonly totalMs: number;
  readonly segments: readonly Segment[];
} {
  const known = (evalMs ?? 0) + (waitMs ?? 0) + (backendMs ?? 0);
  const totalMs = Math.max(durationMs ?? 0, known);
  const parts: readonly (readonly [Segment['part'], number | undefined])[] = [
    ['policy', evalMs],
    // Nobody was asked.
    ['person', waitMs === 0 ? undefined : waitMs],
    ['backend', backendMs],
    ['proxy', durationMs === undefined ? undefined : Math.max(0, durationMs - known)],
  ];
  const segments = parts.flatMap(([part, ms]) =>
    ms === undefined ? [] : [{ part, ms, share: totalMs === 0 ? 0 : ms / totalMs }],
  );
  return { totalMs, segments };
}
