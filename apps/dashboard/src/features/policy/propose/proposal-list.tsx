'use client';

import { RadioGroup as Radix } from 'radix-ui';
import { useId } from 'react';
import { EffectBadge } from '../../../components/badge.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { ForeignText, shownText } from '../../../components/foreign-text.tsx';
import { formatCount, formatCounted } from '../../../components/format-number.ts';
import type { RuleProposal } from '../policy-answers.ts';

/** Rules from narrow to wide, each with what it would have met in the past. */
export function ProposalList({
  proposals,
  days,
  chosen,
  onChoose,
}: {
  readonly proposals: readonly RuleProposal[];
  readonly days: number;
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}) {
  const id = useId();
  return (
    <div>
      <div id={id} className="mb-1.5 text-xs font-medium">
        From narrow to wide, with the calls of the last {days} days
      </div>
      <Radix.Root
        aria-label="Rules"
        aria-describedby={id}
        value={String(chosen)}
        onValueChange={(value) => onChoose(Number(value))}
        className="space-y-2"
      >
        {proposals.map((proposal, index) => (
          <div
            key={proposal.yaml}
            className="flex items-start gap-3 rounded-lg border border-line p-3 has-data-[state=checked]:border-ink"
          >
            <Radix.Item
              id={`${id}-${index}`}
              value={String(index)}
              aria-describedby={`${id}-${index}-figures`}
              className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-muted bg-surface data-[state=checked]:border-primary"
            >
              <Radix.Indicator className="size-2 rounded-full bg-primary" />
            </Radix.Item>
            <div className="min-w-0 flex-1 space-y-1.5">
              <label htmlFor={`${id}-${index}`} className="block text-sm">
                <EffectBadge effect={String(proposal.rule.effect)} />{' '}
                <ForeignText text={proposal.summary} max={1_024} />
              </label>
              <div id={`${id}-${index}-figures`} className="text-xs">
                <Figures proposal={proposal} />
              </div>
              {index === chosen && (
                <CodeBlock
                  code={proposal.yaml
                    .trimEnd()
                    .split('\n')
                    .map((line) =>
                      line.replace(/^( *)(.*)$/, (_, indent, rest) => indent + shownText(rest, 2_000)),
                    )
                    .join('\n')}
                  label="Copy the rule"
                  wrap
                />
              )}
            </div>
          </div>
        ))}
      </Radix.Root>
    </div>
  );
}

function Figures({ proposal }: { readonly proposal: RuleProposal }) {
  const { matched, personDenied, policyDenied, unknown } = proposal;
  return (
    <p className="flex flex-wrap gap-x-3 text-muted">
      <span>matches {formatCounted(matched, 'past call')}</span>
      {personDenied > 0 && (
        <strong className="font-medium text-bad">{formatCount(personDenied)} denied by a person</strong>
      )}
      {personDenied === 0 && matched > 0 && <span>none denied by a person</span>}
      {policyDenied > 0 && (
        <span className="text-warn">{formatCount(policyDenied)} denied by the policy</span>
      )}
      {unknown > 0 && <span>{formatCount(unknown)} cannot be told: their arguments are not kept</span>}
    </p>
  );
}
