'use client';

import { Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import type { SettingShown } from '../answers.ts';
import type { SettingValue } from './config-draft.ts';
import { canBeEdited, SettingControl, SettingValueShown } from './setting-control.tsx';

export interface RunningSetting {
  /** Absent where the instance runs without it. */
  readonly value: SettingValue | undefined;
  /** The running instance does not have what is saved. */
  readonly differs: boolean;
}

/** One setting: what is saved, what runs, and when a change takes effect. */
export function SettingRow({
  setting,
  value,
  running,
  isChanged,
  onChange,
}: {
  readonly setting: SettingShown;
  /** With the draft. */
  readonly value: SettingValue | undefined;
  readonly running: RunningSetting | undefined;
  readonly isChanged: boolean;
  /** Null takes it back to its default. */
  readonly onChange: (value: SettingValue | null) => void;
}) {
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const { key, description, given, takesEffect } = setting;
  const isEditable = canBeEdited(setting);
  const isAtDefault = isChanged ? value === setting.default : !given;
  return (
    <li className="grid gap-x-6 gap-y-1.5 border-b border-line px-4 py-2.5 last:border-b-0 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,0.7fr)]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2">
          <code className="font-mono text-xs font-medium">{key}</code>
          {isChanged && <Badge tone="accent">changed</Badge>}
          {isEditable && takesEffect === 'client_restart' && <Badge>after a client restart</Badge>}
        </p>
        <p id={id} className="text-muted text-xs">
          <Described text={description} />
        </p>
      </div>
      <div className="min-w-0">
        {isEditable ? (
          <div className="flex items-start gap-1">
            <SettingControl
              setting={setting}
              value={value}
              onChange={onChange}
              onProblem={setProblem}
              describedBy={id}
            />
            {setting.default !== undefined && !isAtDefault && (
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
        ) : (
          <SettingValueShown value={value} />
        )}
        {problem !== undefined && (
          <p role="alert" className="mt-1 text-bad text-xs">
            {problem}
          </p>
        )}
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

/** A description with its names and values, which stand between backticks, as code. */
const Described = ({ text }: { readonly text: string }) =>
  text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text stay where they are.
      <code key={index} className="font-mono">
        {part}
      </code>
    ),
  );
