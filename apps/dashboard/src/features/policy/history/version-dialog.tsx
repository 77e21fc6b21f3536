'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import { Tabs } from '../../../components/url-tabs.tsx';
import { Loosening } from '../changes/changes-dialog.tsx';
import { comparisonInWords } from '../changes/comparison-in-words.ts';
import { Diff } from '../changes/lazy-diff.tsx';
import { useComparison } from '../changes/use-comparison.ts';

/** One kept version: what restoring it would change, and its text. */
export function VersionDialog({
  proxy,
  number,
  now,
  isCurrent,
  onClose,
  onRestore,
}: {
  readonly proxy: string;
  readonly number: number;
  readonly now: string;
  readonly isCurrent: boolean;
  readonly onClose: () => void;
  readonly onRestore: () => void;
}) {
  const api = useApi();
  const version = useQuery(
    api.policies.version.queryOptions({ proxy, number }, { staleTime: Number.POSITIVE_INFINITY }),
  );
  const text = version.data?.text;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Version ${number}`}
      size="xl"
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {!isCurrent && (
            <Button variant="primary" onClick={onRestore}>
              Restore…
            </Button>
          )}
        </>
      }
    >
      {version.error !== null && <ErrorPanel error={version.error} onRetry={() => void version.refetch()} />}
      {text === undefined && version.error === null && <Loading lines={8} />}
      {text !== undefined && isCurrent && <CodeBlock code={text} label="Copy the policy" />}
      {text !== undefined && !isCurrent && (
        <Tabs
          label={`Version ${number}`}
          look="pill"
          tabs={[
            {
              value: 'difference',
              label: 'What restoring changes',
              content: <Restoring now={now} text={text} />,
            },
            { value: 'text', label: 'Text', content: <CodeBlock code={text} label="Copy the policy" /> },
          ]}
        />
      )}
    </Dialog>
  );
}

function Restoring({ now, text }: { readonly now: string; readonly text: string }) {
  const comparison = useComparison(now, text);
  return (
    <div className="space-y-3">
      {comparison && <p className="text-sm">{comparisonInWords(comparison)}</p>}
      {comparison && <Loosening loosening={comparison.loosening} />}
      <Diff before={now} after={text} label="What restoring changes" />
    </div>
  );
}
