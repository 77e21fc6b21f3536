'use client';

import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { SettingShown } from '../api/config-answers.ts';
import { Button } from '../components/button.tsx';
import { canBeEdited, SettingControl, SettingValueShown } from './setting-control.tsx';
import type { SettingValue } from './settings-draft.ts';

/** A setting as a row of a form has it. */
export interface EditedSetting {
  readonly setting: SettingShown;
  /** With the draft. */
  readonly value: SettingValue | undefined;
  readonly isChanged: boolean;
  /** Null takes it back to its default. */
  readonly onChange: (value: SettingValue | null) => void;
  /** Whether something stands in the field that is no value. */
  readonly onWrong: (isWrong: boolean) => void;
}

/** The value of a setting, to be changed where a page may, with the way back to its default. */
export function EditSetting({
  setting,
  value,
  isChanged,
  onChange,
  onWrong,
  describedBy,
}: EditedSetting & { readonly describedBy: string }) {
  const [problem, setProblem] = useState<string>();
  const tell = (next: string | undefined): void => {
    setProblem(next);
    onWrong(next !== undefined);
  };
  const { key, given } = setting;
  const isAtDefault = isChanged ? value === setting.default : !given;
  if (!canBeEdited(setting)) return <SettingValueShown value={value} />;
  return (
    <>
      <div className="flex items-start gap-1">
        <SettingControl
          setting={setting}
          value={value}
          onChange={onChange}
          onProblem={tell}
          describedBy={describedBy}
        />
        {setting.default !== undefined && !isAtDefault && (
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={`${key} back to its default`}
            title={`Default: ${JSON.stringify(setting.default)}`}
            onClick={() => {
              tell(undefined);
              onChange(null);
            }}
          >
            <Undo2 aria-hidden />
          </Button>
        )}
      </div>
      {problem !== undefined && (
        <p role="alert" className="mt-1 text-bad text-xs">
          {problem}
        </p>
      )}
    </>
  );
}
