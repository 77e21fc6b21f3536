'use client';

import { useState } from 'react';

const prefix = 'mcp-acp-';

/** A choice this browser remembers: filters, appearance. What is kept and no choice any more counts as the default. */
export function useRemembered<Value extends string>(
  key: string,
  choices: readonly Value[],
  fallback: Value,
): readonly [Value, (next: Value) => void] {
  const [value, setValue] = useState<Value>(() => {
    const kept = typeof localStorage === 'undefined' ? null : localStorage.getItem(prefix + key);
    return choices.find((choice) => choice === kept) ?? fallback;
  });
  const remember = (next: Value): void => {
    setValue(next);
    if (next === fallback) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, next);
  };
  return [value, remember];
}
