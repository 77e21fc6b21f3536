/** Times left are told by another clock, so they count from when they came. Milliseconds of this page's clock. */
export const deadlineOf = (leftMs: number, toldAtMs: number): number => toldAtMs + leftMs;

/** As short as a label that ticks: `38 s`, `9 min 5 s`, `1 h 2 min`. Rounded up: what is not over is not told to be. */
export function timeLeftWords(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  if (seconds <= 60) return `${seconds} s`;
  if (seconds < 3600) return minutes(seconds);
  const hours = Math.floor(seconds / 3600);
  const rest = Math.floor((seconds % 3600) / 60);
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const minutes = (seconds: number): string => {
  const rest = seconds % 60;
  return rest === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
};
