import { SearchX } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { PageLink } from '../components/page-link.tsx';

/** An address that is none of the dashboard's. */
export function NotFoundPage() {
  return (
    <EmptyState
      title="There is no such page"
      icon={<SearchX aria-hidden />}
      action={
        <Button asChild variant="primary">
          <PageLink href="/">To the proxies</PageLink>
        </Button>
      }
      className="rounded-lg border border-dashed border-line-strong py-16"
    >
      The address may be mistyped, or of another version of mcp-acp.
    </EmptyState>
  );
}
