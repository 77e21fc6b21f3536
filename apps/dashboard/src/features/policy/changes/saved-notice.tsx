import { CircleCheck, X } from 'lucide-react';
import { Badge, type Tone } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import type { AskedToReload, PolicySaved } from '../policy-answers.ts';

/** That a policy was saved, and what each running instance made of it. */
export function SavedNotice({
  saved,
  onClose,
}: {
  readonly saved: PolicySaved;
  readonly onClose: () => void;
}) {
  return (
    <section
      aria-label="Saved"
      className="flex items-start gap-3 rounded-lg border border-line bg-surface px-4 py-2.5 shadow-card"
    >
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
      <div className="min-w-0 flex-1 space-y-1.5 text-sm">
        <p>
          {saved.changed
            ? `The policy is saved as version ${saved.version}.`
            : `The policy was so already: version ${saved.version}.`}
        </p>
        <ReloadedList reloaded={saved.reloaded} />
      </div>
      <Button variant="ghost" size="icon-sm" aria-label="Close" onClick={onClose}>
        <X aria-hidden />
      </Button>
    </section>
  );
}

export function ReloadedList({ reloaded }: { readonly reloaded: readonly AskedToReload[] }) {
  if (reloaded.length === 0) {
    return <p className="text-muted">No instance is running. The next start takes it.</p>;
  }
  return (
    <ul aria-label="Running instances" className="space-y-1">
      {reloaded.map((asked) => {
        const { tone, text } = stateOf(asked);
        const problem = asked.problem ?? asked.reloaded?.problem;
        return (
          <li key={asked.instance} className="flex flex-wrap items-center gap-2">
            <Badge tone={tone}>{text}</Badge>
            <code className="font-mono text-xs text-muted">{asked.instance}</code>
            {problem !== undefined && <ForeignText text={problem} max={1_024} className="text-bad" />}
          </li>
        );
      })}
    </ul>
  );
}

function stateOf({ reloaded }: AskedToReload): { readonly tone: Tone; readonly text: string } {
  switch (reloaded?.policy) {
    case 'loaded':
      return { tone: 'good', text: 'in force' };
    case 'unchanged':
      return { tone: 'neutral', text: 'in force already' };
    case 'held':
      return { tone: 'warn', text: 'waits for a confirmation' };
    case 'rejected':
      return { tone: 'bad', text: 'rejected: the last good policy stays' };
    default:
      return { tone: 'bad', text: 'did not answer' };
  }
}
