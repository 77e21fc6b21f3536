'use client';

import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { Suspense, useCallback, useMemo, useState } from 'react';
import { useApi, useClient } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import { lazyPart } from '../../../live/lazy-part.ts';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { ImportDialog } from '../import/import-dialog.tsx';
import { useRecentCalls } from '../playground/use-recent-calls.ts';
import { ProblemList } from './problem-list.tsx';
import type { TextProblem } from './problems-in-text.ts';

const PolicyEditor = lazyPart(async () => (await import('./policy-editor.tsx')).PolicyEditor);

/** The policy as text. */
export function YamlPart({
  proxy,
  policy,
  onSave,
}: {
  readonly proxy: string;
  readonly policy: PolicyDraft;
  readonly onSave: () => void;
}) {
  const api = useApi();
  const client = useClient();
  const schema = useQuery(
    api.policies.schema.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const { tools } = useRecentCalls(proxy);
  const known = useMemo(() => ({ tool_name: tools }), [tools]);
  const [problems, setProblems] = useState<readonly TextProblem[]>([]);
  const [isImporting, setImporting] = useState(false);
  const wanted = Number(useSearchParams().get('line') ?? 0);
  const fromUrl = useMemo(() => (wanted > 0 ? { line: wanted } : undefined), [wanted]);
  const [goTo, setGoTo] = useState<{ readonly line: number }>();
  const check = useCallback(
    async (text: string) => {
      const checked = await client.policies.check.mutate({ proxy, text });
      setProblems(checked.problems);
      return checked.problems;
    },
    [client, proxy],
  );
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 text-sm text-muted">
          Ctrl+Space completes, Ctrl+S reviews and saves. Comments are kept, whatever edits the policy.
        </p>
        <Button onClick={() => setImporting(true)}>Import…</Button>
        <Button variant="primary" disabled={!policy.isEdited} onClick={onSave}>
          Save
        </Button>
      </div>
      <Suspense fallback={<Loading lines={12} className="rounded-md border border-line" />}>
        <PolicyEditor
          label="Policy as YAML"
          text={policy.draft.text}
          onChange={policy.edit}
          onSave={() => policy.isEdited && onSave()}
          check={check}
          schema={schema.data}
          known={known}
          goTo={goTo ?? fromUrl}
        />
      </Suspense>
      {problems.length > 0 && <ProblemList problems={problems} onGo={(line) => setGoTo({ line })} />}
      {isImporting && <ImportDialog policy={policy} onClose={() => setImporting(false)} />}
    </div>
  );
}
