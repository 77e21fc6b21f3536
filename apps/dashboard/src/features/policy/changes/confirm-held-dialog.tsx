'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import { toast } from '../../../components/toast.tsx';
import { Loosening } from './changes-dialog.tsx';
import { comparisonInWords } from './comparison-in-words.ts';
import { Diff } from './lazy-diff.tsx';
import { useComparison } from './use-comparison.ts';

/** What a policy that was edited by hand changes, and the word that puts it into force. */
export function ConfirmHeldDialog({
  proxy,
  inForce,
  onClose,
}: {
  readonly proxy: string;
  /** Digest of the policy that decides. */
  readonly inForce: string | undefined;
  readonly onClose: () => void;
}) {
  const api = useApi();
  const queryClient = useQueryClient();
  const file = useQuery(api.policies.read.queryOptions({ proxy }, { staleTime: 0 }));
  const versions = useQuery(api.policies.versions.queryOptions({ proxy }));
  const number = versions.data?.findLast(({ digest }) => digest === inForce)?.number;
  const before = useQuery(
    api.policies.version.queryOptions(
      { proxy, number: number ?? 0 },
      { enabled: number !== undefined, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  // Who saves what they have read has decided. A file that is another one by then is refused.
  const confirm = useMutation(
    api.policies.save.mutationOptions({
      meta: { ownError: true },
      onSuccess: ({ version }) => {
        void queryClient.invalidateQueries(api.policies.pathFilter());
        void queryClient.invalidateQueries(api.proxies.pathFilter());
        toast.success(`Policy confirmed: version ${version} decides now.`);
        onClose();
      },
      onError: () => void file.refetch(),
    }),
  );
  const error = file.error ?? versions.error ?? before.error ?? confirm.error;
  const { data } = file;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Confirm the policy"
      size="xl"
      description="What the file says now, against the policy that decides."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            variant="primary"
            disabled={data === undefined || before.data === undefined || confirm.isPending}
            onClick={() =>
              data !== undefined && confirm.mutate({ proxy, text: data.text, edited: data.digest })
            }
          >
            {confirm.isPending ? 'Confirming…' : 'Confirm policy'}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {error !== null && <ErrorPanel error={error} />}
        {data !== undefined && before.data !== undefined ? (
          <Difference before={before.data.text} after={data.text} />
        ) : (
          error === null && <Loading lines={6} />
        )}
      </div>
    </Dialog>
  );
}

function Difference({ before, after }: { readonly before: string; readonly after: string }) {
  const comparison = useComparison(before, after);
  return (
    <>
      {comparison && <p className="text-sm">{comparisonInWords(comparison)}</p>}
      {comparison && <Loosening loosening={comparison.loosening} />}
      <Diff before={before} after={after} label="What confirming changes" />
    </>
  );
}
