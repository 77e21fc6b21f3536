'use client';

import { useSearchParams } from 'next/navigation';
import { Tabs as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { classNames } from './class-names.ts';

export interface Tab {
  readonly value: string;
  readonly label: ReactNode;
  /** Drawn while the tab is chosen. */
  readonly content: ReactNode;
}

interface TabsProps {
  readonly tabs: readonly Tab[];
  /** Names the tab list. */
  readonly label: string;
  /** `line` for the parts of a page, `pill` for parts of such a part. */
  readonly look?: 'line' | 'pill';
  readonly className?: string;
}

/** Tabs whose choice stands in the URL (`?tab=activity`): links, reload and Back work. The first is the default. */
export function UrlTabs({ parameter = 'tab', ...rest }: TabsProps & { readonly parameter?: string }) {
  const search = useSearchParams();
  const wanted = search.get(parameter);
  const value = rest.tabs.find((tab) => tab.value === wanted)?.value ?? rest.tabs[0]?.value ?? '';
  const choose = (next: string): void => {
    const changed = new URLSearchParams(location.search);
    // A click is told twice, on the pointer and on the focus: one choice is one step back.
    if (changed.get(parameter) === next) return;
    changed.set(parameter, next);
    history.pushState(null, '', `${location.pathname}?${changed}`);
  };
  return <ChosenTabs {...rest} value={value} onChoose={choose} />;
}

/** Tabs that the URL does not know of. */
export function Tabs(props: TabsProps) {
  const [value, setValue] = useState(props.tabs[0]?.value ?? '');
  return <ChosenTabs {...props} value={value} onChoose={setValue} />;
}

const looks = {
  line: {
    list: 'flex gap-3 overflow-x-auto overflow-y-hidden border-b border-line [scrollbar-width:none]',
    tab: '-mb-px h-9 whitespace-nowrap border-b-2 border-transparent px-1 text-sm font-medium text-muted transition-colors hover:text-ink data-[state=active]:border-ink data-[state=active]:text-ink focus-visible:outline-offset-[-2px]',
  },
  pill: {
    list: 'inline-flex max-w-full gap-0.5 overflow-x-auto rounded-lg bg-sunken p-0.5 ring-1 ring-inset ring-line [scrollbar-width:none]',
    tab: 'h-7 whitespace-nowrap rounded-md px-2.5 text-xs font-medium text-muted transition-colors hover:text-ink data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-card',
  },
} as const;

function ChosenTabs({
  tabs,
  label,
  look = 'line',
  className,
  value,
  onChoose,
}: TabsProps & { readonly value: string; readonly onChoose: (value: string) => void }) {
  return (
    <Radix.Root value={value} onValueChange={onChoose} className={className}>
      <Radix.List aria-label={label} className={looks[look].list}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className={looks[look].tab}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content
          key={tab.value}
          value={tab.value}
          className={classNames('rounded outline-offset-4', look === 'line' ? 'pt-4' : 'pt-3')}
        >
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
