'use client';

import { useQuery } from '@tanstack/react-query';
import type { ConfigShown, SettingShown } from '../../../api/config-answers.ts';
import { useApi } from '../../../api/use-api.ts';
import { Button } from '../../../components/button.tsx';
import { Card, CardHeader } from '../../../components/card.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatCounted } from '../../../components/format-number.ts';
import { Loading } from '../../../components/skeleton.tsx';
import { groupOf, same } from '../../../settings/settings-draft.ts';
import {
  type SettingsDraft,
  type TakesEffect,
  useSettingsDraft,
} from '../../../settings/use-settings-draft.ts';
import type { ProxySeen, RunningConfig } from '../answers.ts';
import { useChosenInstance } from '../chosen-instance.tsx';
import { LaunchCard } from './launch-card.tsx';
import { type RunningSetting, SettingRow } from './setting-row.tsx';

const titles: Readonly<Record<string, string>> = {
  approvals: 'Approvals',
  audit: 'Audit',
  backend: 'Backend',
  limits: 'Limits',
  General: 'General',
};

function savedWords(effects: readonly TakesEffect[]): string | undefined {
  const later = effects.filter((effect) => effect === 'client_restart').length;
  if (later === 0) return undefined;
  return `${formatCounted(later, 'setting')} ${later === 1 ? 'takes' : 'take'} effect once the client is restarted.`;
}

/** What is saved against what runs. What a proxy starts is shown here and changed elsewhere. */
export function ConfigTab({ proxy }: { readonly proxy: ProxySeen }) {
  const edit = useSettingsDraft(proxy.name, savedWords);
  const running = useRunningConfig(proxy);
  if (edit.config === undefined) {
    return edit.error === null ? (
      <Loading lines={8} />
    ) : (
      <ErrorPanel error={edit.error} onRetry={edit.retry} />
    );
  }
  return (
    <div className="space-y-4">
      {running?.problem !== undefined && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm">
          The running instance could not take over the saved file:{' '}
          <ForeignText text={running.problem} max={1_024} />
        </p>
      )}
      {running !== undefined && running.waiting.length > 0 && (
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm">
          {formatCounted(running.waiting.length, 'saved setting')}{' '}
          {running.waiting.length === 1 ? 'waits' : 'wait'} for the client to be restarted:{' '}
          <ForeignText text={running.waiting.join(', ')} max={1_024} />
        </p>
      )}
      <LaunchCard proxy={proxy.name} />
      {groupsOf(edit.config).map(([group, settings]) => (
        <Card key={group} aria-label={titles[group] ?? group}>
          <CardHeader title={titles[group] ?? group} />
          <ul>
            {settings.map((setting) => (
              <SettingRow
                key={`${setting.key} ${edit.round}`}
                setting={setting}
                value={edit.valueOf(setting)}
                running={runningOf(setting, running)}
                isChanged={edit.draft.has(setting.key)}
                onChange={(value) => edit.set(setting, value)}
                onWrong={(isWrong) => edit.setWrong(setting, isWrong)}
              />
            ))}
          </ul>
        </Card>
      ))}
      {edit.isTouched && <SaveBar edit={edit} />}
    </div>
  );
}

function useRunningConfig(proxy: ProxySeen): RunningConfig | undefined {
  const api = useApi();
  const instance = useChosenInstance(proxy);
  const isLive = instance !== undefined && instance.connection === 'connected';
  const running = useQuery(
    api.proxy.config.queryOptions(
      { proxy: proxy.name, instance: instance?.status.instance ?? '' },
      { enabled: isLive },
    ),
  );
  return isLive ? running.data : undefined;
}

const order = ['General', 'approvals', 'limits', 'audit', 'backend'];

function groupsOf({ settings }: ConfigShown): readonly (readonly [string, readonly SettingShown[]])[] {
  const groups = new Map<string, SettingShown[]>();
  for (const setting of settings) {
    const group = groupOf(setting.key);
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  const place = (group: string): number => (order.includes(group) ? order.indexOf(group) : order.length);
  return [...groups].sort(([a], [b]) => place(a) - place(b));
}

function runningOf(setting: SettingShown, running: RunningConfig | undefined): RunningSetting | undefined {
  if (running === undefined) return undefined;
  const found = running.settings.find(({ key }) => key === setting.key);
  const saved = setting.value ?? setting.default;
  const value = found?.value ?? setting.default ?? undefined;
  const differs = running.waiting.includes(setting.key) || (found !== undefined && !same(found.value, saved));
  return { value, differs };
}

function SaveBar({ edit }: { readonly edit: SettingsDraft }) {
  const { draft, wrong } = edit;
  return (
    <section
      aria-label="Unsaved changes"
      className="sticky bottom-3 z-20 rounded-lg border border-line-strong bg-raised px-4 py-2.5 shadow-raised"
    >
      {edit.isStale ? (
        <p role="alert" className="mb-2 text-sm text-warn">
          The file was changed by someone else while you edited it. Your changes can be put on top of what it
          says now.
        </p>
      ) : (
        edit.saveError !== null && <ErrorPanel error={edit.saveError} className="mb-2" />
      )}
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm">
          {draft.size > 0 && formatCounted(draft.size, 'unsaved change')}
          {draft.size > 0 && wrong.size > 0 && ', '}
          {wrong.size > 0 && (
            <span className="text-bad">{formatCounted(wrong.size, 'value')} that cannot be saved</span>
          )}
        </span>
        <span className="ml-auto flex gap-2">
          <Button onClick={edit.discard}>Discard</Button>
          {edit.isStale ? (
            <Button variant="primary" onClick={() => void edit.rebase()}>
              Reload and keep my changes
            </Button>
          ) : (
            <Button variant="primary" onClick={edit.save} disabled={!edit.canBeSaved}>
              Save
            </Button>
          )}
        </span>
      </div>
    </section>
  );
}
