import { expect, it } from 'vitest';
import { classNames } from '../src/components/class-names.ts';

it('lets what is given replace what a component has, and leaves the rest', () => {
  expect(classNames('h-8 w-full px-2.5 text-sm', 'w-40')).toBe('h-8 px-2.5 text-sm w-40');
  expect(classNames('text-muted text-sm', 'text-xs', false, undefined)).toBe('text-muted text-xs');
  expect(classNames('text-sm text-muted', 'text-bad')).toBe('text-sm text-bad');
  expect(classNames('px-3 py-1.5', 'p-0')).toBe('p-0');
  expect(classNames('p-3', 'pl-4')).toBe('p-3 pl-4');
  expect(classNames('size-8', 'w-4')).toBe('size-8 w-4');
  expect(classNames('w-4', 'size-8')).toBe('size-8');
});

it('keeps what only looks alike', () => {
  for (const both of [
    'gap-x-3 gap-y-1',
    'border border-b-2 border-transparent',
    'rounded-lg rounded-b-none',
    'text-sm text-left text-ellipsis text-bad',
    'border-t border-line',
  ]) {
    expect(classNames(both)).toBe(both);
  }
});

it('tells what holds under a condition from what always holds', () => {
  expect(classNames('bg-surface hover:bg-hover', 'bg-raised')).toBe('hover:bg-hover bg-raised');
  expect(classNames('max-sm:hidden flex', 'grid')).toBe('max-sm:hidden grid');
  expect(classNames('border border-line', 'border-bad/30')).toBe('border border-bad/30');
});
