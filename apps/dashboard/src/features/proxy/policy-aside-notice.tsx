'use client';

import { TriangleAlert } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { ForeignText } from '../../components/foreign-text.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { lazyPart } from '../../live/lazy-part.ts';
import type { ProxySeen } from './answers.ts';
import { type PolicyAside, policyAsideOf } from './policy-aside.ts';

const ConfirmHeldDialog = lazyPart(
  async () => (await import('../policy/changes/confirm-held-dialog.tsx')).ConfirmHeldDialog,
);

/** That the policy's file is not what decides, on every part of the proxy's page, and what to do about it. */
export function PolicyAsideNotice({ proxy }: { readonly proxy: ProxySeen }) {
  const [isReviewing, setReviewing] = useState(false);
  const aside = policyAsideOf(proxy);
  if (aside === undefined) return null;
  return (
    <>
      <div
        role="alert"
        className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-warn-soft px-3 py-2 text-sm"
      >
        <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
        <p className="min-w-0 flex-1">
          <Why aside={aside} />
        </p>
        {aside.event === 'held' ? (
          <Button size="sm" variant="primary" onClick={() => setReviewing(true)}>
            Review and confirm…
          </Button>
        ) : (
          <PageLink
            href={`/proxy/${proxy.name}?tab=policy&part=yaml`}
            className="text-accent underline-offset-4 hover:underline"
          >
            Open the policy
          </PageLink>
        )}
      </div>
      {isReviewing && (
        <Suspense fallback={null}>
          <ConfirmHeldDialog proxy={proxy.name} inForce={aside.inForce} onClose={() => setReviewing(false)} />
        </Suspense>
      )}
    </>
  );
}

function Why({ aside: { event, problem } }: { readonly aside: PolicyAside }) {
  if (event === 'held') {
    return 'The policy file was edited outside of mcp-acp and lets more through than before. Until you confirm it, the policy before it decides.';
  }
  return (
    <>
      The policy file cannot be used, so the policy before it decides.
      {problem !== undefined && (
        <>
          {' '}
          <ForeignText text={problem} max={400} />
        </>
      )}
    </>
  );
}
