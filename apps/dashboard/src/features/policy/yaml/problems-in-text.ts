/** Lines and columns start at 1. */
export interface TextProblem {
  readonly message: string;
  readonly fix?: string | undefined;
  readonly line: number;
  readonly column: number;
}

export interface PlacedProblem {
  /** Offsets into the text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Problems with the range that an editor underlines: the word they begin at. A place beyond the text is its end. */
export function placeProblems(text: string, problems: readonly TextProblem[]): readonly PlacedProblem[] {
  const lines = text.split('\n');
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  return problems.map((problem) => {
    const index = Math.min(Math.max(problem.line, 1), lines.length) - 1;
    const line = lines[index] ?? '';
    const isBeyond = problem.line > lines.length;
    const column = isBeyond ? line.length : Math.min(Math.max(problem.column, 1) - 1, line.length);
    const from = (starts[index] ?? 0) + column;
    return { from, to: from + lengthOfWord(line, column), message: messageOf(problem) };
  });
}

export const messageOf = ({ message, fix }: Pick<TextProblem, 'message' | 'fix'>): string =>
  fix === undefined ? message : `${message} ${fix}`;

function lengthOfWord(line: string, column: number): number {
  const rest = line.slice(column);
  const word = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,:{}[\]]+)/.exec(rest);
  return word?.[0].length ?? Math.min(1, rest.length);
}
