import type { ReactNode } from 'react';
import { EffectBadge } from '../../../components/badge.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { FactsList, TracePart } from './facts-list.tsx';
import type { JournalFields } from './journal-fields.ts';

/** What the policy said of a call, and on which facts. */
export function DecisionPart({ fields }: { readonly fields: JournalFields }) {
  const facts = fields.under('facts');
  const matched = fields.all('matched');
  const decidedBy = fields.text('decidedBy');
  const operands = facts?.number('operands');
  const mentions = facts?.number('mentions');
  const words = (name: string): string | undefined => {
    const list = facts?.texts(name) ?? [];
    return list.length === 0 ? undefined : list.join(', ');
  };
  if (fields.text('effect') === undefined) return null;
  return (
    <TracePart title="Decision">
      <FactsList
        facts={[
          ['Decided by', decidedBy === undefined ? 'no rule: nothing allowed it' : mono(decidedBy)],
          ['Operations', words('operations')],
          ['Side effects', words('sideEffects')],
          [
            'Paths and URIs',
            operands === undefined && mentions === undefined
              ? undefined
              : `${operands ?? 0} as arguments, ${mentions ?? 0} inside texts`,
          ],
          ['Tool definition', digestOf(fields.text('toolDigest'))],
          ['Policy version', digestOf(fields.text('policyVersion'))],
        ]}
      />
      {matched.length > 0 && <Matched rules={matched} decidedBy={decidedBy} />}
    </TracePart>
  );
}

const digestOf = (digest: string | undefined): ReactNode =>
  digest === undefined ? undefined : (
    <code className="font-mono text-xs" title={digest}>
      <ForeignText text={digest.slice(0, 16)} />
      {digest.length > 16 && '…'}
    </code>
  );

function Matched({
  rules,
  decidedBy,
}: {
  readonly rules: readonly JournalFields[];
  readonly decidedBy: string | undefined;
}) {
  return (
    <ul aria-label="Rules that matched" className="mt-2.5 divide-y divide-line rounded-md border border-line">
      {rules.map((rule) => {
        const id = rule.text('rule') ?? '';
        return (
          <li key={id} className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-2.5 py-1.5 text-sm">
            <EffectBadge effect={rule.text('effect') ?? ''} />
            <code className="font-mono text-xs">
              <ForeignText text={id} max={64} />
            </code>
            {id === decidedBy && <span className="text-xs font-medium">decided</span>}
            <span className="ml-auto text-muted text-xs">{rule.texts('conditions').join(', ')}</span>
          </li>
        );
      })}
    </ul>
  );
}

const mono = (text: string | undefined): ReactNode =>
  text === undefined ? undefined : (
    <code className="font-mono text-xs">
      <ForeignText text={text} />
    </code>
  );
