const whole = new Intl.NumberFormat('en-US');
const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1,234 */
export const formatCount = (count: number): string => whole.format(count);

/** `1 call`, `2 calls`, `1,234 calls`. */
export const formatCounted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** Bytes as a person reads them: `640 B`, `1.5 kB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : value >= 9.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
