import type { PathFact } from '@mcp-acp/policy/facts';
import type { Destination } from '@mcp-acp/shared/live/approval';
import type { PlacesAskedAbout } from './places-asked-about.ts';

/** The longest text of others on a card. UTF-16 units. */
export const mostShownText = 1024;

/** Where a call leads, as a card calls it out: its operands, then what longer texts mention besides. */
export function destinationsOf({ operands, mentions }: PlacesAskedAbout): readonly Destination[] {
  const others = mentions.filter((mention) => !operands.some((operand) => holds(operand, mention)));
  return [
    ...operands.map((fact) => destinationOf(fact, false)),
    ...distinct(others).map((fact) => destinationOf(fact, true)),
  ];
}

/** The mention is the operand itself, or the beginning of a URL that another reader would have ended there. */
const holds = (operand: PathFact, mention: PathFact): boolean =>
  operand.text === mention.text ||
  (operand.uri?.host !== undefined &&
    operand.uri.host === mention.uri?.host &&
    operand.text.startsWith(mention.text));

const distinct = (facts: readonly PathFact[]): readonly PathFact[] => [
  ...new Map(facts.map((fact) => [fact.text, fact])).values(),
];

function destinationOf({ text, resolved, role, uri, kind }: PathFact, mentioned: boolean): Destination {
  const host = kind === 'uri' ? uri?.host : undefined;
  const leads = host ?? (resolved === text ? undefined : resolved);
  return {
    kind: host === undefined ? 'path' : 'host',
    text: cutText(text, mostShownText),
    ...(leads === undefined ? {} : { resolved: cutText(leads, mostShownText) }),
    ...(role === undefined ? {} : { role }),
    mentioned,
  };
}

/** The beginning of a text, with a mark where it goes on. */
export const cutText = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
