'use client';

import { useMutation } from '@tanstack/react-query';
import { type ChangeEvent, useState } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Field } from '../../../components/field.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { Textarea } from '../../../components/input.tsx';
import { Diff } from '../changes/lazy-diff.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import type { ImportedPolicy } from '../policy-answers.ts';

/** As much as the manager takes. Bytes. */
const mostBytes = 384 * 1024;

/** Takes over a `policy.json` of mcp-acp-nexus: it becomes the draft, and nothing is saved by that. */
export function ImportDialog({
  policy,
  onClose,
}: {
  readonly policy: PolicyDraft;
  readonly onClose: () => void;
}) {
  const api = useApi();
  const [json, setJson] = useState('');
  const [problem, setProblem] = useState<string>();
  const convert = useMutation(api.policies.importNexus.mutationOptions({ meta: { ownError: true } }));
  const read = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const file = event.target.files?.[0];
    if (file === undefined) return;
    if (file.size > mostBytes) {
      setProblem(`The file is larger than ${mostBytes / 1024} KiB.`);
      return;
    }
    setProblem(undefined);
    const text = await file.text();
    setJson(text);
    convert.mutate({ json: text });
  };
  const use = ({ text }: ImportedPolicy): void => {
    policy.edit(text);
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Import a policy"
      size="xl"
      description="A policy.json of mcp-acp-nexus is converted and becomes your draft. Nothing is saved before you have reviewed it."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {convert.data === undefined ? (
            <Button
              variant="primary"
              disabled={json.trim() === '' || convert.isPending}
              onClick={() => convert.mutate({ json })}
            >
              Convert
            </Button>
          ) : (
            <>
              <Button onClick={convert.reset}>Back</Button>
              <Button variant="primary" onClick={() => use(convert.data)}>
                Use as draft
              </Button>
            </>
          )}
        </>
      }
    >
      {convert.data === undefined ? (
        <div className="space-y-4">
          <Field label="File" error={problem}>
            {(ids) => (
              <input
                {...ids}
                type="file"
                accept=".json,application/json"
                className="block w-full text-sm text-muted file:mr-3 file:h-8 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-3 file:text-sm file:text-ink"
                onChange={(event) => void read(event)}
              />
            )}
          </Field>
          <Field label="Contents of policy.json" hint="Or paste it here.">
            {(ids) => (
              <Textarea
                {...ids}
                rows={12}
                className="font-mono text-xs"
                value={json}
                onChange={(event) => setJson(event.target.value)}
              />
            )}
          </Field>
          {convert.error !== null && <ErrorPanel error={convert.error} />}
        </div>
      ) : (
        <Converted imported={convert.data} now={policy.draft.text} />
      )}
    </Dialog>
  );
}

function Converted({ imported, now }: { readonly imported: ImportedPolicy; readonly now: string }) {
  return (
    <div className="space-y-4">
      <p className="text-sm">
        {formatCounted(imported.rules, 'rule')} converted
        {imported.notes.length === 0 ? ', all as they were.' : '. What could not be taken over as it was:'}
      </p>
      {imported.notes.length > 0 && (
        <ul aria-label="Notes" className="list-disc space-y-1 rounded-md bg-warn-soft py-2 pr-3 pl-7 text-sm">
          {imported.notes.map((note) => (
            <li key={note}>
              <ForeignText text={note} max={4_096} />
            </li>
          ))}
        </ul>
      )}
      <Diff before={now} after={imported.text} label="What the import changes" />
    </div>
  );
}
