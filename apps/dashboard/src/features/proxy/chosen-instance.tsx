'use client';

import { shownText } from '../../components/foreign-text.tsx';
import { formatTime } from '../../components/format-time.ts';
import { Select } from '../../components/select.tsx';
import type { InstanceSeen, ProxySeen } from './answers.ts';
import { usePageQuery } from './use-page-query.ts';

/** The running instance this page shows: the one in the address, else the newest; the last one where none runs. */
export function useChosenInstance({ instances, last }: ProxySeen): InstanceSeen | undefined {
  const [query] = usePageQuery();
  const wanted = query.get('run');
  return instances.find(({ status }) => status.instance === wanted) ?? instances.at(-1) ?? last;
}

/** Which of several running instances; nothing where there is no choice. */
export function ChooseInstance({ proxy }: { readonly proxy: ProxySeen }) {
  const [, change] = usePageQuery();
  const chosen = useChosenInstance(proxy);
  if (proxy.instances.length < 2 || chosen === undefined) return null;
  return (
    <Select
      label="Instance"
      size="sm"
      className="w-auto max-w-72"
      value={chosen.status.instance}
      onValueChange={(instance) =>
        change((query) => {
          query.set('run', instance);
          return query;
        })
      }
      options={proxy.instances.map(({ status }) => ({
        value: status.instance,
        label: `${shownText(status.client?.name ?? 'client not known yet', 40)} · since ${formatTime(status.startedAt)}`,
      }))}
    />
  );
}
