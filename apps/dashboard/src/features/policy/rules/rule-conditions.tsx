import type { JsonValue } from '@mcp-acp/shared/json';
import { Fragment } from 'react';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { conditionsInWords, joinOf } from './rule-in-words.ts';

/** So many values of one condition are written out. */
const shownValues = 6;

/** The conditions of a rule in plain words. */
export function RuleConditions({ when }: { readonly when: JsonValue | undefined }) {
  const phrases = conditionsInWords(when);
  return (
    <p className="text-sm leading-6">
      {phrases.map((phrase, index) => (
        <Fragment key={`${phrase.words} ${phrase.values.join(' ')}`}>
          {index > 0 && <span className="text-muted">{joinOf(phrase)}</span>}
          <ForeignText text={phrase.words} max={1_024} className="text-muted" />
          {phrase.values.slice(0, shownValues).map((value, at) => (
            <Fragment key={value}>
              {at > 0 && <span className="text-muted"> or</span>}{' '}
              <code className="rounded bg-sunken px-1 py-0.5 font-mono text-xs">
                <ForeignText text={value} />
              </code>
            </Fragment>
          ))}
          {phrase.values.length > shownValues && (
            <span className="text-muted"> or {phrase.values.length - shownValues} more</span>
          )}
        </Fragment>
      ))}
    </p>
  );
}
