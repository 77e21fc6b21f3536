'use client';

import { useId } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Described } from '../../settings/described.tsx';
import { type EditedSetting, EditSetting } from '../../settings/edit-setting.tsx';
import { canBeEdited } from '../../settings/setting-control.tsx';

const marks = {
  at_once: undefined,
  manager_restart: 'after a restart of the manager',
  client_restart: 'at the next start of each proxy',
} as const;

export function ManagerSettingRow(edited: EditedSetting) {
  const id = useId();
  const { key, description, takesEffect } = edited.setting;
  const mark = marks[takesEffect];
  return (
    <li className="grid gap-x-8 gap-y-1.5 border-b border-line px-4 py-3 last:border-b-0 sm:grid-cols-[minmax(0,1fr)_15rem]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-mono text-xs font-medium">{key}</code>
          {edited.isChanged && <Badge tone="accent">changed</Badge>}
          {mark !== undefined && <Badge>{mark}</Badge>}
        </p>
        <p id={id} className="mt-0.5 text-xs text-muted">
          <Described text={description} />
        </p>
      </div>
      <div className="min-w-0 sm:justify-self-end">
        <EditSetting {...edited} describedBy={id} />
        {!canBeEdited(edited.setting) && (
          <p className="mt-0.5 text-xs text-muted">Changed in a terminal: mcp-acp config edit --manager</p>
        )}
      </div>
    </li>
  );
}
