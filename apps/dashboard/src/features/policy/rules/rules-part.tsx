'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Card } from '../../../components/card.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { Input } from '../../../components/input.tsx';
import { Loading } from '../../../components/skeleton.tsx';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { RuleDialog } from '../form/rule-dialog.tsx';
import { openPart } from '../open-part.ts';
import type { ListedRule } from '../policy-answers.ts';
import { ProblemList } from '../yaml/problem-list.tsx';
import { RemoveRuleDialog } from './remove-rule-dialog.tsx';
import { RuleItem } from './rule-item.tsx';
import { useDraftRules } from './use-draft-rules.ts';
import { hitDays, useRuleHits } from './use-rule-hits.ts';

/** More rules than this are searched rather than read. */
const searchFrom = 8;
const shownAtOnce = 100;

type Editing = { readonly kind: 'add' } | { readonly kind: 'edit' | 'remove'; readonly rule: ListedRule };

/** The rules of the draft as a list. */
export function RulesPart({ proxy, policy }: { readonly proxy: string; readonly policy: PolicyDraft }) {
  const { rules, problems, error } = useDraftRules(proxy, policy.draft.text);
  const hits = useRuleHits(proxy);
  const [editing, setEditing] = useState<Editing>();
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(shownAtOnce);
  if (error !== undefined) return <ErrorPanel error={error} />;
  if (problems !== undefined) {
    return (
      <div className="space-y-3">
        <p className="text-sm text-muted">The rules cannot be listed while the text is not a valid policy.</p>
        <ProblemList problems={problems} onGo={(line) => openPart('yaml', { line: String(line) })} />
        <Button onClick={() => openPart('yaml')}>Fix it as YAML</Button>
      </div>
    );
  }
  if (rules === undefined) return <Loading lines={6} />;
  const close = (): void => setEditing(undefined);
  const words = search.trim().toLowerCase();
  const found =
    words === '' ? rules : rules.filter(({ rule }) => JSON.stringify(rule).toLowerCase().includes(words));
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 basis-60 text-sm text-muted">
          The order does not matter: deny beats ask, ask beats allow, and what no rule speaks of is denied.
        </p>
        {rules.length > searchFrom && (
          <Input
            type="search"
            aria-label="Search rules"
            placeholder="Search rules"
            className="w-48"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
        <Button variant="primary" onClick={() => setEditing({ kind: 'add' })}>
          <Plus aria-hidden />
          Add rule
        </Button>
      </div>
      <Card>
        {rules.length === 0 ? (
          <EmptyState title="There are no rules">
            Everything is denied until a rule allows it or asks.
          </EmptyState>
        ) : (
          <ul aria-label="Rules" className="divide-y divide-line">
            {found.slice(0, most).map((rule) => (
              <RuleItem
                key={rule.id}
                proxy={proxy}
                rule={rule}
                hits={hits === undefined ? undefined : (hits.get(rule.id) ?? { rule: rule.id, hits: 0 })}
                onEdit={() => setEditing({ kind: 'edit', rule })}
                onRemove={() => setEditing({ kind: 'remove', rule })}
              />
            ))}
          </ul>
        )}
        {rules.length > 0 && found.length === 0 && <EmptyState title="No rule has these words" />}
        {found.length > most && (
          <div className="border-t border-line p-2 text-center">
            <Button size="sm" variant="ghost" onClick={() => setMost(most + shownAtOnce)}>
              Show more of {found.length} rules
            </Button>
          </div>
        )}
      </Card>
      <p className="text-xs text-muted">Hits are calls of the last {hitDays} days that the rule decided.</p>
      {editing?.kind === 'remove' && <RemoveRuleDialog policy={policy} rule={editing.rule} onClose={close} />}
      {(editing?.kind === 'add' || editing?.kind === 'edit') && (
        <RuleDialog
          proxy={proxy}
          policy={policy}
          rule={editing.kind === 'edit' ? editing.rule : undefined}
          taken={rules.map(({ id }) => id)}
          onClose={close}
        />
      )}
    </div>
  );
}
