'use client';

import { Button } from '../../components/button.tsx';
import { Card, CardHeader } from '../../components/card.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { formatCounted } from '../../components/format-number.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Loading } from '../../components/skeleton.tsx';
import { type SettingsDraft, type TakesEffect, useSettingsDraft } from '../../settings/use-settings-draft.ts';
import { Appearance } from './appearance.tsx';
import { ManagerSettingRow } from './manager-setting-row.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { sectionsOf } from './setting-sections.ts';
import { StorageCard } from './storage-card.tsx';

const restartWords = {
  at_once: undefined,
  manager_restart: 'Some take effect when the manager is restarted.',
  client_restart: 'Some take effect at the next start of each proxy.',
} as const;

const savedWords = (effects: readonly TakesEffect[]): string | undefined =>
  effects.map((effect) => restartWords[effect]).find((words) => words !== undefined);

export function SettingsPage() {
  const edit = useSettingsDraft(undefined, savedWords);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Settings">
        <Button onClick={edit.discard} disabled={!edit.isTouched}>
          Discard
        </Button>
        <Button variant="primary" onClick={edit.save} disabled={!edit.canBeSaved || edit.isStale}>
          Save
        </Button>
      </PageHeader>
      <div className="space-y-4">
        <Unsaved edit={edit} />
        <Appearance />
        <SessionsCard />
        {edit.error !== null && <ErrorPanel error={edit.error} onRetry={edit.retry} />}
        {edit.config?.settings === undefined && edit.error === null && (
          <Card>
            <Loading lines={6} />
          </Card>
        )}
        {sectionsOf(edit.config?.settings ?? []).map(({ title, settings }) => (
          <Card key={title} aria-label={title}>
            <CardHeader title={title} />
            <ul>
              {settings.map((setting) => (
                <ManagerSettingRow
                  key={`${setting.key} ${edit.round}`}
                  setting={setting}
                  value={edit.valueOf(setting)}
                  isChanged={edit.draft.has(setting.key)}
                  onChange={(value) => edit.set(setting, value)}
                  onWrong={(isWrong) => edit.setWrong(setting, isWrong)}
                />
              ))}
            </ul>
          </Card>
        ))}
        <StorageCard />
      </div>
    </div>
  );
}

function Unsaved({ edit }: { readonly edit: SettingsDraft }) {
  if (edit.draft.size === 0) return null;
  if (edit.isStale) {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg bg-warn-soft px-3.5 py-2">
        <p className="min-w-0 flex-1 text-sm text-warn">
          The file was changed by someone else while you edited it. Your changes can be put on top of what it
          says now.
        </p>
        <Button size="sm" onClick={() => void edit.rebase()}>
          Reload and keep my changes
        </Button>
      </div>
    );
  }
  if (edit.saveError !== null) return <ErrorPanel error={edit.saveError} />;
  return (
    <p role="status" className="rounded-lg bg-info-soft px-3.5 py-2 text-sm text-info">
      {formatCounted(edit.draft.size, 'change')} not saved yet.
    </p>
  );
}
