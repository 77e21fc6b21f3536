/** How long a call took: `0.4 ms`, `45 ms`, `1.2 s`, `2 min 5 s`. Milliseconds in. */
export function formatLatency(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : formatSpan(ms);
}

const parts = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** A span as a person says it, in its two largest units: `45 s`, `2 min 5 s`, `3 h 20 min`. Milliseconds in. */
export function formatSpan(ms: number): string {
  let rest = Math.max(0, Math.round(ms / 1000));
  const said: string[] = [];
  for (const [name, seconds] of parts) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) said.push(`${count} ${name}`);
    if (said.length === 2 || (said.length === 1 && count === 0)) break;
  }
  return said.length === 0 ? '0 s' : said.join(' ');
}

/** What is left, as a clock: `0:45`, `9:59`, `1:00:00`. Milliseconds in. */
export function formatLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
