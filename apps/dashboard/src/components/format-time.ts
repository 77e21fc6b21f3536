import { formatSpan } from './format-duration.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const dayOf = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const clockOf = (date: Date): string =>
  `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

/** A moment in the reader's own time: `14:03:21` of today, else `2026-11-20 14:03:21`. RFC 3339 or milliseconds in. */
export function formatTime(time: string | number, now: Date = new Date()): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '–';
  return dayOf(date) === dayOf(now) ? clockOf(date) : `${dayOf(date)} ${clockOf(date)}`;
}

/** The same, always with its day. */
export function formatDateTime(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '–' : `${dayOf(date)} ${clockOf(date)}`;
}

const justNowMs = 5_000;
const farAwayMs = 7 * 86_400_000;

/** How long ago: `just now`, `12 s ago`, `3 min ago`; what is older than a week by its day. */
export function formatAgo(time: string | number, now: number = Date.now()): string {
  const date = new Date(time);
  const ms = now - date.getTime();
  if (Number.isNaN(ms)) return '–';
  if (ms < justNowMs) return 'just now';
  if (ms > farAwayMs) return dayOf(date);
  return `${formatSpan(largest(ms))} ago`;
}

/** Cut to its largest unit: nobody reads the seconds of three hours ago. */
function largest(ms: number): number {
  const unit = [86_400_000, 3_600_000, 60_000, 1_000].find((size) => ms >= size) ?? 1_000;
  return Math.floor(ms / unit) * unit;
}
