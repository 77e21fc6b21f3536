'use client';

import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../components/button.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loading } from '../../components/skeleton.tsx';
import { saveAsFile } from './save-as-file.ts';

/** What an MCP client needs to start all proxies: to copy, or as a file. */
export function AllSnippets({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const { data, error } = useQuery(api.proxies.snippet.queryOptions({}));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Client snippets"
      description="Put this into the configuration of your MCP client in place of the servers it names, then restart the client."
      size="lg"
      footer={
        data !== undefined && (
          <>
            <Button onClick={() => saveAsFile('mcp-servers.json', data.json, 'application/json')}>
              Save as file
            </Button>
            <CopyButton variant="primary" text={data.json}>
              Copy all
            </CopyButton>
          </>
        )
      }
    >
      {error !== null && <ErrorPanel error={error} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && (
        <>
          <CodeBlock code={data.json} />
          {data.notes.map((note) => (
            <p key={note} className="mt-2 text-xs text-muted">
              {note}
            </p>
          ))}
        </>
      )}
    </Dialog>
  );
}
