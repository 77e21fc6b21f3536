import { ForeignText } from '../../../components/foreign-text.tsx';
import { messageOf, type TextProblem } from './problems-in-text.ts';

/** What is wrong with a text, line by line. */
export function ProblemList({
  problems,
  onGo,
}: {
  readonly problems: readonly TextProblem[];
  readonly onGo?: (line: number) => void;
}) {
  return (
    <div className="rounded-md border border-bad/30 bg-bad-soft px-3 py-2">
      <ul aria-label="Problems" className="space-y-1 text-sm">
        {problems.slice(0, 20).map((problem) => (
          <li key={`${problem.line}:${problem.column}:${problem.message}`} className="flex gap-2">
            {onGo === undefined ? (
              <span className="shrink-0 tabular-nums text-muted">line {problem.line}</span>
            ) : (
              <button
                type="button"
                className="shrink-0 self-start tabular-nums text-accent underline underline-offset-2"
                onClick={() => onGo(problem.line)}
              >
                line {problem.line}
              </button>
            )}
            <ForeignText text={messageOf(problem)} max={2_000} />
          </li>
        ))}
        {problems.length > 20 && <li className="text-muted">and {problems.length - 20} more</li>}
      </ul>
    </div>
  );
}
