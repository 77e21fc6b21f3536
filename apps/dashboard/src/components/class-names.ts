import { type ClassValue, clsx } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Class names, where a condition decides on them; of two that contradict each other the last one stays. */
export const classNames = (...values: readonly ClassValue[]): string => twMerge(clsx(values));
