'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';

/** How often it is asked whether what is started was changed. Milliseconds. */
const askMs = 2_000;

/** Why the server could not be asked, and what can be done: to mend it, to change the command, to begin anew. */
export function CheckFailed({
  name,
  problem,
  fix,
  onAgain,
  onUnconfirmed,
}: {
  readonly name: string;
  readonly problem: string;
  readonly fix: string | undefined;
  readonly onAgain: () => void;
  /** The command is another one now, which nobody has confirmed. */
  readonly onUnconfirmed: () => void;
}) {
  const api = useApi();
  const { data: launch } = useQuery(
    api.proxies.launch.queryOptions({ proxy: name }, { refetchInterval: askMs, staleTime: 0 }),
  );
  const isUnconfirmed = launch?.confirmed === false;
  useEffect(() => {
    if (isUnconfirmed) onUnconfirmed();
  }, [isUnconfirmed, onUnconfirmed]);
  return (
    <div className="space-y-4">
      <div role="alert" className="rounded-lg border border-bad/30 bg-bad-soft p-3.5">
        <p className="flex items-start gap-2 text-sm font-medium">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
          <ForeignText text={problem} max={1_000} />
        </p>
        {fix !== undefined && (
          <p className="mt-1 pl-6 text-sm text-muted">
            <ForeignText text={fix} max={1_000} />
          </p>
        )}
        <div className="mt-3 pl-6">
          <Button size="sm" onClick={onAgain}>
            Check again
          </Button>
        </div>
      </div>
      {launch !== undefined && (
        <div>
          <p className="mb-1.5 text-xs font-medium">What {name} starts</p>
          <p className="rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5">
            <ForeignText text={launch.shown} max={20_000} />
          </p>
        </div>
      )}
      <div className="space-y-1.5 text-sm">
        <p>If that is wrong, change it outside the browser:</p>
        <CodeBlock code={`mcp-acp config edit --proxy ${name}`} label="Copy the command that edits it" />
        <p>Or take the proxy away, and add it anew:</p>
        <CodeBlock code={`mcp-acp proxy remove ${name}`} label="Copy the command that removes it" />
      </div>
    </div>
  );
}
