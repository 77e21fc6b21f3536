'use client';

import { Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import type { SettingShown } from '../proxy/answers.ts';
import type { SettingValue } from '../proxy/config/config-draft.ts';
import { canBeEdited, SettingControl, SettingValueShown } from '../proxy/config/setting-control.tsx';

const marks = {
  at_once: undefined,
  manager_restart: 'after a restart of the manager',
  client_restart: 'at the next start of each proxy',
} as const;

export function ManagerSettingRow({
  setting,
  value,
  isChanged,
  onChange,
}: {
  readonly setting: SettingShown;
  readonly value: SettingValue | undefined;
  readonly isChanged: boolean;
  /** Null takes it back to its default. */
  readonly onChange: (value: SettingValue | null) => void;
}) {
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const { key, description, given, takesEffect } = setting;
  const mark = marks[takesEffect];
  const isAtDefault = isChanged ? value === setting.default : !given;
  return (
    <li className="grid gap-x-8 gap-y-1.5 border-b border-line px-4 py-3 last:border-b-0 sm:grid-cols-[minmax(0,1fr)_15rem]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-mono text-xs font-medium">{key}</code>
          {isChanged && <Badge tone="accent">changed</Badge>}
          {mark !== undefined && <Badge>{mark}</Badge>}
        </p>
        <p id={id} className="mt-0.5 text-xs text-muted">
          {description}
        </p>
      </div>
      <div className="min-w-0 sm:justify-self-end">
        <div className="flex items-center gap-1">
          {canBeEdited(setting) ? (
            <SettingControl
              setting={setting}
              value={value}
              onChange={onChange}
              onProblem={setProblem}
              describedBy={id}
            />
          ) : (
            <SettingValueShown value={value} />
          )}
          {setting.default !== undefined && !isAtDefault && canBeEdited(setting) && (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`${key} back to its default`}
              title={`Default: ${JSON.stringify(setting.default)}`}
              onClick={() => onChange(null)}
            >
              <Undo2 aria-hidden />
            </Button>
          )}
        </div>
        {!canBeEdited(setting) && (
          <p className="mt-0.5 text-xs text-muted">Changed in a terminal: mcp-acp config edit</p>
        )}
        {problem !== undefined && (
          <p role="alert" className="mt-1 text-xs text-bad">
            {problem}
          </p>
        )}
      </div>
    </li>
  );
}
