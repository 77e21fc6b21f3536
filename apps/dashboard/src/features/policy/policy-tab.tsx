'use client';

import { useState } from 'react';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loading } from '../../components/skeleton.tsx';
import { UrlTabs } from '../../components/url-tabs.tsx';
import { ChangesDialog } from './changes/changes-dialog.tsx';
import { DraftBar } from './changes/draft-bar.tsx';
import { SavedNotice } from './changes/saved-notice.tsx';
import { usePolicyDraft } from './draft/use-policy-draft.ts';
import { VersionsPart } from './history/versions-part.tsx';
import { PlaygroundPart } from './playground/playground-part.tsx';
import type { PolicySaved } from './policy-answers.ts';
import { ReplayPart } from './replay/replay-part.tsx';
import { RulesPart } from './rules/rules-part.tsx';
import { YamlPart } from './yaml/yaml-part.tsx';

/** A proxy's policy: one draft for all its parts, which a save puts into force after its differences were looked at. */
export function PolicyTab({ proxy }: { readonly proxy: string }) {
  const { policy, error, retry } = usePolicyDraft(proxy);
  const [isReviewing, setReviewing] = useState(false);
  const [lastSaved, setLastSaved] = useState<PolicySaved>();
  if (policy === undefined) {
    return error === undefined ? <Loading lines={6} /> : <ErrorPanel error={error} onRetry={retry} />;
  }
  const review = (): void => setReviewing(true);
  return (
    <div className="space-y-4">
      <DraftBar policy={policy} onReview={review} />
      {lastSaved?.digest === policy.saved.digest && (
        <SavedNotice saved={lastSaved} onClose={() => setLastSaved(undefined)} />
      )}
      <UrlTabs
        parameter="part"
        label="Policy"
        look="pill"
        tabs={[
          {
            value: 'rules',
            label: 'Rules',
            content: <RulesPart proxy={proxy} policy={policy} />,
          },
          {
            value: 'yaml',
            label: 'YAML',
            content: <YamlPart proxy={proxy} policy={policy} onSave={review} />,
          },
          {
            value: 'history',
            label: 'History',
            content: <VersionsPart proxy={proxy} policy={policy} onSaved={setLastSaved} />,
          },
          {
            value: 'playground',
            label: 'Playground',
            content: <PlaygroundPart proxy={proxy} policy={policy} />,
          },
          {
            value: 'replay',
            label: 'Replay',
            content: <ReplayPart proxy={proxy} policy={policy} />,
          },
        ]}
      />
      {isReviewing && (
        <ChangesDialog
          proxy={proxy}
          policy={policy}
          onClose={() => setReviewing(false)}
          onSaved={setLastSaved}
        />
      )}
    </div>
  );
}
