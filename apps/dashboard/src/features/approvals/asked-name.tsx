import { classNames } from '../../components/class-names.ts';
import { ForeignText } from '../../components/foreign-text.tsx';
import { type AskedCall, whatIsAsked } from './what-is-asked.ts';

/** What a question is about, with what kind of thing that is where it is no tool. */
export function AskedName({
  question,
  max = 256,
  className,
}: {
  readonly question: AskedCall;
  readonly max?: number;
  readonly className?: string;
}) {
  const { name, kind } = whatIsAsked(question);
  return (
    <>
      {kind !== undefined && <span className="text-muted">{kind} </span>}
      <ForeignText text={name} max={max} className={classNames('font-mono', className)} />
    </>
  );
}
