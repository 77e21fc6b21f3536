'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../../api/use-api.ts';
import { Badge } from '../../../components/badge.tsx';
import { Card, CardBody, CardHeader } from '../../../components/card.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ForeignText, shownText } from '../../../components/foreign-text.tsx';
import { Loading } from '../../../components/skeleton.tsx';

/** What the proxy starts, whole, and whether a person has confirmed it outside the browser. */
export function LaunchCard({ proxy }: { readonly proxy: string }) {
  const api = useApi();
  const launch = useQuery(api.proxies.launch.queryOptions({ proxy }));
  const { data } = launch;
  return (
    <Card aria-labelledby="launch">
      <CardHeader id="launch" title="Launch">
        {data !== undefined && (
          <Badge tone={data.confirmed ? 'good' : 'warn'}>
            {data.confirmed ? 'Confirmed' : 'Not confirmed'}
          </Badge>
        )}
      </CardHeader>
      {data === undefined ? (
        launch.error === null ? (
          <Loading lines={2} />
        ) : (
          <ErrorPanel error={launch.error} onRetry={() => void launch.refetch()} className="m-4" />
        )
      ) : (
        <CardBody className="space-y-2.5">
          <CodeBlock code={shownText(data.shown, 16_384)} label="Copy the command" wrap />
          {(data.cwd !== undefined || data.environment.length > 0) && (
            <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
              {data.cwd !== undefined && (
                <span>
                  in{' '}
                  <code className="font-mono">
                    <ForeignText text={data.cwd} max={4_096} />
                  </code>
                </span>
              )}
              {data.environment.length > 0 && (
                <span>
                  with{' '}
                  <code className="font-mono">
                    <ForeignText text={data.environment.join(', ')} max={4_096} />
                  </code>
                </span>
              )}
            </p>
          )}
          {data.confirmed ? (
            <p className="text-muted text-xs">
              It is changed in the file or on the command line, not in a web page.
            </p>
          ) : (
            <div className="rounded-md bg-warn-soft p-3 text-sm">
              <p className="mb-2">Nothing is started before you have confirmed this outside the browser:</p>
              <CodeBlock code={data.confirm} label="Copy the command" />
            </div>
          )}
        </CardBody>
      )}
    </Card>
  );
}
