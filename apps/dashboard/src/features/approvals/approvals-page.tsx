'use client';

import { Card, CardBody, CardHeader } from '../../components/card.tsx';
import { formatCount } from '../../components/format-number.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ApprovalHistory } from './approval-history.tsx';
import { GrantsList } from './grants-list.tsx';
import { useGrants } from './use-grants.ts';
import { usePending } from './use-pending.ts';
import { WaitingList } from './waiting-list.tsx';

/** What waits, what was granted, and what was asked before. */
export function ApprovalsPage() {
  const pending = usePending();
  const grants = useGrants();
  return (
    <>
      <PageHeader
        title="Approvals"
        {...(pending.questions.length === 0
          ? {}
          : { note: `${formatCount(pending.questions.length)} waiting` })}
      />
      <div className="space-y-5">
        <h2 className="sr-only">Waiting</h2>
        <WaitingList pending={pending} />
        <Card>
          <CardHeader
            title="Grants"
            {...(grants.grants.length === 0 ? {} : { note: formatCount(grants.grants.length) })}
          />
          <CardBody className="py-2">
            <GrantsList grants={grants} showsProxy />
          </CardBody>
        </Card>
        <Card>
          <CardHeader title="History" />
          <ApprovalHistory />
        </Card>
      </div>
    </>
  );
}
