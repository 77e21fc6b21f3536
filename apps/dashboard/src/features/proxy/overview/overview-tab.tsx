'use client';

import { Card, CardBody, CardHeader } from '../../../components/card.tsx';
import { GrantsOfProxy } from '../../approvals/grants-of-proxy.tsx';
import { PendingOfProxy } from '../../approvals/pending-of-proxy.tsx';
import type { ProxySeen } from '../answers.ts';
import { useChosenInstance } from '../chosen-instance.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { Counters } from './counters.tsx';
import { HistoryCharts } from './history-charts.tsx';
import { RecentActivity } from './recent-activity.tsx';
import { WhyNotRunning } from './why-not-running.tsx';

/** How a proxy is doing, at a glance. */
export function OverviewTab({ proxy }: { readonly proxy: ProxySeen }) {
  const instance = useChosenInstance(proxy);
  const isRunning = proxy.instances.length > 0;
  return (
    <div className="space-y-4">
      {!isRunning && <WhyNotRunning proxy={proxy} />}
      {instance !== undefined && <ConnectionStrip proxy={proxy} instance={instance} />}
      {instance !== undefined && <Counters instance={instance} isOver={!isRunning} />}
      <div className="grid gap-4 lg:grid-cols-2">
        <Card aria-labelledby="pending-here">
          <CardHeader id="pending-here" title="Pending" />
          <CardBody className="py-2.5">
            <PendingOfProxy proxy={proxy.name} />
          </CardBody>
        </Card>
        <Card aria-labelledby="grants-here">
          <CardHeader id="grants-here" title="Grants" />
          <CardBody className="py-2.5">
            <GrantsOfProxy proxy={proxy.name} />
          </CardBody>
        </Card>
      </div>
      <HistoryCharts proxy={proxy.name} />
      <Card aria-labelledby="recent-activity">
        <CardHeader id="recent-activity" title="Recent activity" />
        <RecentActivity proxy={proxy.name} />
      </Card>
    </div>
  );
}
