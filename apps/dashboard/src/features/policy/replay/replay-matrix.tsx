import { EffectBadge } from '../../../components/badge.tsx';
import { Card, CardHeader } from '../../../components/card.tsx';
import { classNames } from '../../../components/class-names.ts';
import { formatCount } from '../../../components/format-number.ts';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../../components/table.tsx';
import { callsOf, effectsAfter, effectsBefore, kindOfChange, type ReplayCount } from './read-replay.ts';

const tones = {
  same: '',
  looser: 'bg-warn-soft text-warn font-medium',
  stricter: 'bg-info-soft text-info font-medium',
  unknown: 'bg-sunken',
} as const;

/** Calls by what was decided then, and what would be decided now. */
export function ReplayMatrix({ counts }: { readonly counts: readonly ReplayCount[] }) {
  return (
    <Card>
      <CardHeader title="Then and now" note="rows: what was decided, columns: what would be" />
      <Table aria-label="Then and now">
        <TableHead>
          <tr>
            <HeadCell>Then</HeadCell>
            {effectsAfter.map((after) => (
              <HeadCell key={after} className="text-right">
                <EffectBadge effect={after} />
              </HeadCell>
            ))}
          </tr>
        </TableHead>
        <TableBody>
          {effectsBefore.map((before) => (
            <TableRow key={before}>
              <th scope="row" className="px-3 py-1.5 text-left">
                <EffectBadge effect={before} />
              </th>
              {effectsAfter.map((after) => {
                const calls = callsOf(counts, before, after);
                const kind = kindOfChange(before, after);
                return (
                  <Cell
                    key={after}
                    className={classNames(
                      'text-right tabular-nums',
                      calls === 0 ? 'text-muted' : tones[kind],
                    )}
                  >
                    {formatCount(calls)}
                  </Cell>
                );
              })}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
