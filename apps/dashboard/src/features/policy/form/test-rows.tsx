'use client';

import { Plus, X } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import { Input, Textarea } from '../../../components/input.tsx';
import { Select } from '../../../components/select.tsx';
import { emptyTest, problemOfRow, type TestRow, testKindLabels, testKinds } from './value-tests.ts';

/** Tests of values by their path; all of them must hold. */
export function TestRows({
  rows,
  example,
  onChange,
}: {
  readonly rows: readonly TestRow[];
  readonly example: string;
  readonly onChange: (rows: readonly TestRow[]) => void;
}) {
  return (
    <div className="space-y-2">
      {rows.map((row, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rows stay in their order and have no name of their own.
          key={index}
          row={row}
          example={example}
          onChange={(next) => onChange(rows.map((other, at) => (at === index ? next : other)))}
          onRemove={() => onChange(rows.filter((_, at) => at !== index))}
        />
      ))}
      <Button size="sm" onClick={() => onChange([...rows, emptyTest])}>
        <Plus aria-hidden />
        Add a test
      </Button>
    </div>
  );
}

function Row({
  row,
  example,
  onChange,
  onRemove,
}: {
  readonly row: TestRow;
  readonly example: string;
  readonly onChange: (row: TestRow) => void;
  readonly onRemove: () => void;
}) {
  const problem = problemOfRow(row);
  return (
    <div className="space-y-1.5 rounded-md border border-line p-2">
      <div className="flex flex-wrap gap-2">
        <Input
          aria-label="Path"
          placeholder={example}
          className="min-w-32 flex-1 font-mono text-xs"
          value={row.path}
          onChange={(event) => onChange({ ...row, path: event.target.value })}
        />
        <Select
          label="Test"
          className="w-36"
          value={row.kind}
          options={testKinds.map((kind) => ({ value: kind, label: testKindLabels[kind] }))}
          onValueChange={(kind) => onChange({ ...row, kind: kind as TestRow['kind'] })}
        />
        <Button variant="ghost" size="icon-sm" aria-label="Remove this test" onClick={onRemove}>
          <X aria-hidden />
        </Button>
      </div>
      {(row.kind === 'glob' || row.kind === 'equals') && (
        <Textarea
          aria-label={row.kind === 'glob' ? 'Patterns, one a line' : 'Values, one a line'}
          rows={Math.min(6, Math.max(1, row.values.split('\n').length))}
          className="min-h-8 font-mono text-xs"
          placeholder={row.kind === 'glob' ? 'release-*' : 'true, 5, main, "5"'}
          value={row.values}
          onChange={(event) => onChange({ ...row, values: event.target.value })}
        />
      )}
      {row.kind === 'range' && (
        <div className="flex items-center gap-2">
          <Input
            aria-label="Least"
            inputMode="decimal"
            placeholder="no least"
            value={row.min}
            onChange={(event) => onChange({ ...row, min: event.target.value })}
          />
          <span className="text-sm text-muted">and</span>
          <Input
            aria-label="Most"
            inputMode="decimal"
            placeholder="no most"
            value={row.max}
            onChange={(event) => onChange({ ...row, max: event.target.value })}
          />
        </div>
      )}
      {problem !== undefined && <p className="text-xs text-muted">{problem}</p>}
    </div>
  );
}
