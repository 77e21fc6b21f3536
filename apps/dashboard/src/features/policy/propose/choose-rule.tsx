'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { useApi, useClient } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Field } from '../../../components/field.tsx';
import { Input } from '../../../components/input.tsx';
import { toast } from '../../../components/toast.tsx';
import { Loosening } from '../changes/changes-dialog.tsx';
import { Diff } from '../changes/lazy-diff.tsx';
import { ReloadedList } from '../changes/saved-notice.tsx';
import { useComparison } from '../changes/use-comparison.ts';
import { idProblem } from '../form/rule-form-problems.ts';
import type { ProposalSource, Proposals } from '../policy-answers.ts';
import { useDraftRules } from '../rules/use-draft-rules.ts';
import { changesOf } from './changes-of-proposal.ts';
import { ProposalList } from './proposal-list.tsx';

const nameOf = (source: ProposalSource): string =>
  source.kind === 'approval' ? source.approval : `${source.instance}.${source.seq}`;

/** Chooses one of the proposed rules and saves it into the policy as it is now. */
export function ChooseRule({
  proxy,
  source,
  proposals: { proposals, days },
  onClose,
  onAgain,
}: {
  readonly proxy: string;
  readonly source: ProposalSource;
  readonly proposals: Proposals;
  readonly onClose: () => void;
  /** What is proposed was made for a policy that is not there any more. */
  readonly onAgain: () => void;
}) {
  const api = useApi();
  const client = useClient();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState(0);
  const [ownId, setOwnId] = useState<string>();
  const form = useId();
  const proposal = proposals[chosen];
  const id = (ownId ?? String(proposal?.rule.id ?? '')).trim();
  const saved = useQuery(api.policies.read.queryOptions({ proxy }));
  const { rules } = useDraftRules(proxy, saved.data?.text);
  const problem = idProblem(
    id,
    (rules ?? []).map((rule) => rule.id),
  );
  const before = saved.data;
  // Proposals are made for the policy as it was then: rules that ask get an exception in them.
  const [began, setBegan] = useState(before?.digest);
  useEffect(() => setBegan((known) => known ?? before?.digest), [before?.digest]);
  const after = useQuery({
    queryKey: ['policy-with-rule', before?.digest, chosen, id],
    // Not for a policy that came after: the one with this rule in it, say.
    enabled:
      before !== undefined && before.digest === began && proposal !== undefined && problem === undefined,
    retry: false,
    queryFn: async () => {
      let text = before?.text ?? '';
      for (const change of proposal === undefined ? [] : changesOf(proposal, id)) {
        ({ text } = await client.policies.changeRule.mutate({ text, change }));
      }
      return { text };
    },
  });
  const text = problem === undefined ? after.data?.text : undefined;
  const save = useMutation(
    api.policies.save.mutationOptions({
      meta: { ownError: true },
      onSuccess: ({ version }) => {
        void queryClient.invalidateQueries(api.policies.pathFilter());
        toast.success(`The rule is saved: version ${version} of the policy.`);
      },
      onError: () => void queryClient.invalidateQueries(api.policies.read.pathFilter()),
    }),
  );
  if (proposals.length === 0) return <p className="text-sm">No rule could be made of this call.</p>;
  if (save.data !== undefined) {
    return (
      <div className="space-y-3 text-sm">
        <p>
          The rule “{id}” is saved as version {save.data.version}. What waited is decided anew by it.
        </p>
        <ReloadedList reloaded={save.data.reloaded} />
        <div className="flex justify-end">
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    );
  }
  const isRefused = save.error !== null && acpErrorOf(save.error).code === 'stale_edit';
  const isStale = isRefused || (began !== undefined && before !== undefined && before.digest !== began);
  return (
    <form
      id={form}
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (before === undefined || text === undefined) return;
        save.mutate({ proxy, text, edited: before.digest, because: nameOf(source) });
      }}
    >
      <ProposalList
        proposals={proposals}
        days={days}
        chosen={chosen}
        onChoose={(index) => {
          setChosen(index);
          save.reset();
        }}
      />
      <Field label="Id" error={problem}>
        {(ids) => (
          <Input
            {...ids}
            className="font-mono text-xs"
            maxLength={64}
            value={ownId ?? String(proposal?.rule.id ?? '')}
            onChange={(event) => setOwnId(event.target.value)}
          />
        )}
      </Field>
      {saved.error !== null && <ErrorPanel error={saved.error} onRetry={() => void saved.refetch()} />}
      {after.error !== null && <ErrorPanel error={after.error} />}
      {before !== undefined && text !== undefined && <AddedRule before={before.text} after={text} />}
      {save.error !== null && !isRefused && <ErrorPanel error={save.error} />}
      {isStale && (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-2 rounded-md bg-warn-soft px-3 py-2 text-sm"
        >
          <p className="min-w-0 flex-1">
            The policy was changed by someone else meanwhile, so these proposals may not fit it any more.
          </p>
          <Button size="sm" onClick={onAgain}>
            Propose again
          </Button>
        </div>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={text === undefined || isStale || save.isPending}>
          {save.isPending ? 'Saving…' : 'Save rule'}
        </Button>
      </div>
    </form>
  );
}

function AddedRule({ before, after }: { readonly before: string; readonly after: string }) {
  const comparison = useComparison(before, after);
  return (
    <div className="space-y-2">
      {comparison && <Loosening loosening={comparison.loosening} />}
      <Diff before={before} after={after} label="What the rule adds to the policy" />
    </div>
  );
}
