'use client';

import { useCallback, useEffect } from 'react';
import { useClient } from '../../api/use-api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { Progress } from '../../components/progress.tsx';
import type { ProposalSource, Proposals } from './policy-answers.ts';
import { ChooseRule } from './propose/choose-rule.tsx';
import { type Stream, useStream } from './use-stream.ts';

const days = 30;

interface MakeRuleDialogProps {
  readonly proxy: string;
  /** The question that waits, or the decision on record. */
  readonly source: ProposalSource;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/**
 * Makes a rule of a question or of a decision: a few that would have spoken for it, from narrow to wide, each with what it
 * would have done to the calls of the past. The question stays where it is and is decided anew by the saved policy.
 */
export function MakeRuleDialog(props: MakeRuleDialogProps) {
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ proxy, source, onOpenChange }: MakeRuleDialogProps) {
  const client = useClient();
  const stream = useStream<Proposals>();
  const { start } = stream;
  // The same source may come as a new object with every event of the page above.
  const name = JSON.stringify(source);
  const search = useCallback(() => {
    const input = { proxy, source: JSON.parse(name) as ProposalSource, days };
    start((handlers) => client.policies.propose.subscribe(input, handlers));
  }, [client, proxy, name, start]);
  useEffect(search, [search]);
  const close = (): void => onOpenChange(false);
  const description =
    source.kind === 'approval'
      ? 'What waits for you stays, and is decided anew at once when the rule is saved.'
      : 'What waits for a person now is decided anew at once when the rule is saved.';
  return (
    <Dialog open onOpenChange={onOpenChange} title="Make it a rule" size="lg" description={description}>
      {stream.state.kind === 'done' ? (
        <ChooseRule
          proxy={proxy}
          source={source}
          proposals={stream.state.result}
          onClose={close}
          onAgain={search}
        />
      ) : (
        <Searching stream={stream} />
      )}
    </Dialog>
  );
}

function Searching({ stream: { state } }: { readonly stream: Stream<Proposals> }) {
  if (state.kind === 'failed') return <ErrorPanel error={state.error} />;
  if (state.kind === 'cancelled') return <p className="text-sm">The search ended without an answer.</p>;
  const progress = state.kind === 'running' ? state.progress : undefined;
  return (
    <div className="space-y-1.5 py-2">
      <Progress label="Search" done={progress?.doneBytes ?? 0} total={progress?.totalBytes ?? 0} />
      <p role="status" className="text-xs tabular-nums text-muted">
        Looking at the calls of the last {days} days: {formatCounted(progress?.doneCalls ?? 0, 'call')} so far
      </p>
    </div>
  );
}
