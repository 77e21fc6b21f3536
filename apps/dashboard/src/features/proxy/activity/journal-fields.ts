import type { RecordDetail } from '../answers.ts';

type Json = RecordDetail['record'];

/** The members of a record as its journal has it, each of the type it should have or absent: records of later versions are read too. */
export interface JournalFields {
  readonly whole: Json;
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  /** Whether it is there and true. */
  flag(name: string): boolean;
  texts(name: string): readonly string[];
  under(name: string): JournalFields | undefined;
  all(name: string): readonly JournalFields[];
}

export function journalFields(whole: Json | undefined): JournalFields | undefined {
  if (whole === undefined || whole === null || typeof whole !== 'object' || Array.isArray(whole))
    return undefined;
  const member = (name: string): Json | undefined => (Object.hasOwn(whole, name) ? whole[name] : undefined);
  const list = (name: string): readonly Json[] => {
    const value = member(name);
    return Array.isArray(value) ? value : [];
  };
  return {
    whole,
    text: (name) => {
      const value = member(name);
      return typeof value === 'string' ? value : undefined;
    },
    number: (name) => {
      const value = member(name);
      return typeof value === 'number' ? value : undefined;
    },
    flag: (name) => member(name) === true,
    texts: (name) => list(name).filter((item): item is string => typeof item === 'string'),
    under: (name) => journalFields(member(name)),
    all: (name) => list(name).flatMap((item) => journalFields(item) ?? []),
  };
}
