import { askWords } from '@mcp-acp/policy/describe-rule';
import { Ellipsis, FileCode, Pencil, Trash2 } from 'lucide-react';
import { EffectBadge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { Menu } from '../../../components/menu.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { TimeAgo } from '../../../components/time.tsx';
import { openPart } from '../open-part.ts';
import type { ListedRule, RuleHits } from '../policy-answers.ts';
import { RuleConditions } from './rule-conditions.tsx';

/** One rule: what it does, when, and how often it did. */
export function RuleItem({
  proxy,
  rule,
  hits,
  onEdit,
  onRemove,
}: {
  readonly proxy: string;
  readonly rule: ListedRule;
  /** Undefined while it is not known. */
  readonly hits: RuleHits | undefined;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 px-4 py-3 sm:grid-cols-[3.5rem_minmax(0,1fr)_9rem_auto]">
      <div className="hidden pt-0.5 sm:block">
        <EffectBadge effect={rule.effect} />
      </div>
      <div className="min-w-0 space-y-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="sm:hidden">
            <EffectBadge effect={rule.effect} />
          </span>
          <span className="font-mono text-xs font-semibold [overflow-wrap:anywhere]">{rule.id}</span>
          {rule.description !== undefined && (
            <ForeignText text={rule.description} max={1_024} className="text-sm text-muted" />
          )}
        </div>
        <RuleConditions when={rule.rule.when} />
        {askWords(rule.rule).map((line) => (
          <p key={line} className="text-xs text-muted">
            <ForeignText text={line} />
          </p>
        ))}
      </div>
      <div className="col-start-1 text-xs text-muted sm:col-start-3 sm:text-right">
        {hits !== undefined && <Hits proxy={proxy} hits={hits} />}
      </div>
      <div className="col-start-2 row-start-1 sm:col-start-4">
        <Menu
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={`More for ${rule.id}`}>
              <Ellipsis aria-hidden />
            </Button>
          }
          items={[
            { label: 'Edit…', icon: <Pencil aria-hidden />, onSelect: onEdit },
            {
              label: 'Show in the YAML',
              icon: <FileCode aria-hidden />,
              onSelect: () => openPart('yaml', { line: String(rule.line) }),
            },
            null,
            { label: 'Remove', icon: <Trash2 aria-hidden />, danger: true, onSelect: onRemove },
          ]}
        />
      </div>
    </li>
  );
}

function Hits({ proxy, hits }: { readonly proxy: string; readonly hits: RuleHits }) {
  if (hits.hits === 0) return <span>no hits</span>;
  const link = `/proxy/${encodeURIComponent(proxy)}?tab=activity&range=30d&rule=${encodeURIComponent(hits.rule)}`;
  return (
    <>
      <PageLink href={link} className="text-accent underline underline-offset-4">
        {formatCounted(hits.hits, 'hit')}
      </PageLink>
      {hits.lastHit !== undefined && (
        <span className="sm:block">
          <span className="sm:hidden">, </span>
          last <TimeAgo time={hits.lastHit} />
        </span>
      )}
    </>
  );
}
