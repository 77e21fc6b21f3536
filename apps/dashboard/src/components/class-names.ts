import { type ClassValue, clsx } from 'clsx';
import { createTailwindMerge } from 'tailwind-merge';

const any = [() => true];
/** Colours of the theme, which share their prefixes with sizes and sides. */
const colours = [
  (text: string) =>
    /^(?:ink|muted|accent|primary|on-primary|good|warn|bad|info|canvas|surface|raised|sunken|hover|line|veil|white|transparent)\b/.test(
      text,
    ),
];
const sizes = ['2xs', 'xs', 'sm', 'base', 'lg', 'xl'];

/** A group of classes of which one is in force: those that begin with its name. */
const named = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, [{ [name]: any }]])) as Record<
    Name,
    [Record<string, typeof any>]
  >;

/**
 * The groups in which what a component has is replaced by what it is given. The library's own table knows every class
 * there is and is four times the size; a class that is in no group here is simply added.
 */
const merge = createTailwindMerge(() => ({
  cacheSize: 500,
  theme: {},
  classGroups: {
    ...named(
      'w',
      'h',
      'size',
      'min-w',
      'max-w',
      'min-h',
      'max-h',
      'gap',
      'gap-x',
      'gap-y',
      'rounded',
      'rounded-t',
      'rounded-b',
      'leading',
      'z',
    ),
    ...named('p', 'px', 'py', 'pt', 'pr', 'pb', 'pl', 'm', 'mx', 'my', 'mt', 'mr', 'mb', 'ml'),
    ...named('items', 'justify', 'self', 'overflow-x', 'overflow-y', 'shadow', 'opacity', 'whitespace'),
    display: ['block', 'inline-block', 'inline', 'flex', 'inline-flex', 'grid', 'contents', 'hidden'],
    'font-size': [{ text: sizes }],
    'text-align': [{ text: ['left', 'center', 'right'] }],
    'text-color': [{ text: colours }],
    'bg-color': [{ bg: colours }],
    'font-family': [{ font: ['mono', 'sans'] }],
    'font-weight': [{ font: ['normal', 'medium', 'semibold', 'bold'] }],
    'border-width': [{ border: ['', '0', '2'] }],
    'border-color': [{ border: colours }],
  },
  conflictingClassGroups: {
    size: ['w', 'h'],
    gap: ['gap-x', 'gap-y'],
    rounded: ['rounded-t', 'rounded-b'],
    p: ['px', 'py', 'pt', 'pr', 'pb', 'pl'],
    px: ['pr', 'pl'],
    py: ['pt', 'pb'],
    m: ['mx', 'my', 'mt', 'mr', 'mb', 'ml'],
    mx: ['mr', 'ml'],
    my: ['mt', 'mb'],
  },
  conflictingClassGroupModifiers: {},
  postfixLookupClassGroups: [],
  orderSensitiveModifiers: [],
}));

/** Class names, where a condition decides on them; of two that contradict each other the last one stays. */
export const classNames = (...values: readonly ClassValue[]): string => merge(clsx(values));
