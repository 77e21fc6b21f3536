import { ShieldX } from 'lucide-react';
import { EffectBadge } from '../../../components/badge.tsx';
import { CardBody } from '../../../components/card.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import type { TriedCall } from '../policy-answers.ts';

const saying = {
  allow: 'The call goes through.',
  ask: 'A person is asked.',
  deny: 'The call is refused.',
} as const;

/** What is decided about a call, by which rule, on which facts. */
export function DecisionView({ tried }: { readonly tried: TriedCall }) {
  return (
    <CardBody className="space-y-4" role="status">
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <EffectBadge effect={tried.effect} />
        <span className="font-medium">{saying[tried.effect]}</span>
        <span className="text-muted">{decidedBy(tried)}</span>
      </div>
      {tried.protectedPaths.length > 0 && (
        <div className="flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-sm">
          <ShieldX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
          <div className="min-w-0">
            It touches what belongs to mcp-acp itself, which no rule can open:
            <ul>
              {tried.protectedPaths.map((path) => (
                <li key={path} className="font-mono text-xs">
                  <ForeignText text={path} max={4_096} />
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {tried.matched.length > 0 && (
        <div>
          <h3 className="mb-1 text-xs font-medium">Rules that match</h3>
          <ul aria-label="Rules that match" className="space-y-1">
            {tried.matched.map(({ rule, effect, conditions }) => (
              <li key={rule} className="flex flex-wrap items-center gap-2 text-sm">
                <EffectBadge effect={effect} />
                <code className="font-mono text-xs">{rule}</code>
                <ForeignText
                  text={`by ${conditions.join(', ')}`}
                  max={1_024}
                  className="text-xs text-muted"
                />
              </li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <h3 className="mb-1 text-xs font-medium">Why</h3>
        <ul
          aria-label="Why"
          className="space-y-0.5 rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5"
        >
          {tried.explanation.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text stay in their order and may repeat.
            <li key={index} className={line.startsWith('  ') ? 'pl-4' : ''}>
              <ForeignText text={line.trimStart()} max={4_096} />
            </li>
          ))}
        </ul>
      </div>
    </CardBody>
  );
}

function decidedBy({ decidedBy: rule, protectedPaths }: TriedCall): string {
  if (protectedPaths.length > 0) return '';
  return rule === undefined ? 'No rule speaks of it.' : `Decided by the rule “${rule}”.`;
}
