import type { JournalFields } from './journal-fields.ts';

/** So many names of rules or settings are listed. */
const mostNames = 4;
const digits = 12;

/** What a record of a policy or a configuration says beside its event, for a list. */
export function changeInWords(fields: JournalFields): { readonly about: string; readonly detail: string } {
  const changed = fields.texts('changed');
  const noun = fields.text('type') === 'policy' ? 'rule' : 'setting';
  const more = changed.length - mostNames;
  const names = changed.slice(0, mostNames).join(', ');
  const isLoosening = fields.flag('loosening');
  return {
    about:
      changed.length === 0
        ? ''
        : `${noun}${changed.length === 1 ? '' : 's'} ${names}${more > 0 ? ` and ${more} more` : ''}`,
    detail: [
      fields.text('problem'),
      isLoosening ? 'lets more through' : undefined,
      versionOf(fields.text('version')),
    ]
      .filter((part) => part !== undefined)
      .join(' · '),
  };
}

const versionOf = (digest: string | undefined): string | undefined =>
  digest === undefined || digest === '' ? undefined : `version ${digest.slice(0, digits)}`;
