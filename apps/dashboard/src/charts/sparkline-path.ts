export interface Sparkline {
  /** Of the lines; points without a value interrupt them. */
  readonly line: string;
  /** The same, closed down to the ground. */
  readonly area: string;
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

/** An SVG path through evenly spaced points, from zero at the bottom to the largest at the top. */
export function sparklinePath(
  points: readonly (number | null)[],
  { width, height }: { readonly width: number; readonly height: number },
): Sparkline {
  const largest = Math.max(0, ...points.map((point) => point ?? 0));
  const step = points.length < 2 ? 0 : width / (points.length - 1);
  // Half a stroke stays free above and below, so that neither is cut.
  const y = (value: number): number => height - 1 - (largest === 0 ? 0 : (value / largest) * (height - 2));
  let line = '';
  let area = '';
  let run: string[] = [];
  const close = (end: number): void => {
    const first = run[0];
    if (first === undefined) return;
    const lastX = short(end * step);
    // A single point is drawn as a short stroke: a path of one point shows nothing.
    line += run.length === 1 ? `M${first}h1` : `M${run.join('L')}`;
    if (run.length > 1) area += `M${first.split(' ')[0]} ${height}L${run.join('L')}L${lastX} ${height}Z`;
    run = [];
  };
  points.forEach((point, index) => {
    if (point === null) close(index - 1);
    else run.push(`${short(index * step)} ${short(y(point))}`);
  });
  close(points.length - 1);
  return { line, area };
}
