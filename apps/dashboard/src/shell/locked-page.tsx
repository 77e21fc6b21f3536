import { Lock } from 'lucide-react';
import { CodeBlock } from '../components/code-block.tsx';
import { ForeignText } from '../components/foreign-text.tsx';

/** All that is said to who has no session. */
export function LockedPage({ problem }: { readonly problem: string | undefined }) {
  return (
    <div className="mx-auto mt-[12vh] max-w-md rounded-xl border border-line bg-surface p-6 shadow-card">
      <div className="mb-4 flex size-9 items-center justify-center rounded-lg bg-sunken text-muted ring-1 ring-inset ring-line">
        <Lock aria-hidden className="size-4" />
      </div>
      <h1 className="text-lg font-semibold tracking-tight">The dashboard is locked</h1>
      <p className="mt-1 mb-3 text-sm text-muted">
        It shows and decides what your agents may do, so it opens from a terminal of this machine only. Run:
      </p>
      <CodeBlock code="mcp-acp manager open" label="Copy the command" />
      {problem !== undefined && (
        <p role="alert" className="mt-3 text-sm text-bad">
          <ForeignText text={problem} max={1_000} />
        </p>
      )}
    </div>
  );
}
