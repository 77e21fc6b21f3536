'use client';

import { useId } from 'react';
import { Badge } from '../../../components/badge.tsx';
import { Described } from '../../../settings/described.tsx';
import { type EditedSetting, EditSetting } from '../../../settings/edit-setting.tsx';
import { canBeEdited, SettingValueShown } from '../../../settings/setting-control.tsx';
import type { SettingValue } from '../../../settings/settings-draft.ts';

export interface RunningSetting {
  /** Absent where the instance runs without it. */
  readonly value: SettingValue | undefined;
  /** The running instance does not have what is saved. */
  readonly differs: boolean;
}

/** One setting: what is saved, what runs, and when a change takes effect. */
export function SettingRow({
  running,
  ...edited
}: EditedSetting & { readonly running: RunningSetting | undefined }) {
  const id = useId();
  const { setting, isChanged } = edited;
  const { key, description, given, takesEffect } = setting;
  return (
    <li className="grid gap-x-6 gap-y-1.5 border-b border-line px-4 py-2.5 last:border-b-0 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,0.7fr)]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2">
          <code className="font-mono text-xs font-medium">{key}</code>
          {isChanged && <Badge tone="accent">changed</Badge>}
          {canBeEdited(setting) && takesEffect === 'client_restart' && <Badge>after a client restart</Badge>}
        </p>
        <p id={id} className="text-muted text-xs">
          <Described text={description} />
        </p>
      </div>
      <div className="min-w-0">
        <EditSetting {...edited} describedBy={id} />
        {!given && !isChanged && setting.default !== undefined && (
          <p className="text-muted text-xs">default</p>
        )}
      </div>
      <div className="min-w-0 text-xs md:text-right">
        {running !== undefined && (
          <>
            {running.differs ? (
              <>
                <span className="text-muted">running </span>
                <SettingValueShown value={running.value} />
              </>
            ) : (
              <span className="text-muted">runs as saved</span>
            )}
            {running.differs && (
              <p className="mt-0.5">
                <Badge tone="warn">
                  {takesEffect === 'client_restart' ? 'restart the client' : 'not taken over'}
                </Badge>
              </p>
            )}
          </>
        )}
      </div>
    </li>
  );
}
