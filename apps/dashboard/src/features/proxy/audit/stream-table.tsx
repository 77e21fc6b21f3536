import { Badge, type Tone } from '../../../components/badge.tsx';
import { Card, CardHeader } from '../../../components/card.tsx';
import { ForeignText } from '../../../components/foreign-text.tsx';
import { formatCount } from '../../../components/format-number.ts';
import { PageLink } from '../../../components/page-link.tsx';
import { Cell, HeadCell, Table, TableBody, TableHead, TableRow } from '../../../components/table.tsx';
import type { AuditVerdict, ProxySeen } from '../answers.ts';
import { instanceOf, type StreamState, stateOfStream } from './stream-state.ts';

const verdicts: Readonly<Record<AuditVerdict['verdict'], readonly [string, Tone]>> = {
  ok: ['Intact', 'good'],
  torn_tail: ['Torn tail', 'warn'],
  tampered: ['Tampered', 'bad'],
};
const states: Readonly<Record<StreamState, readonly [string, Tone]>> = {
  live: ['Live', 'info'],
  dead: ['Not closed', 'warn'],
  closed: ['Closed', 'neutral'],
  unknown: ['Not in the ledger', 'bad'],
};

/** The streams of a journal: one for each start of the proxy, the newest first. */
export function StreamTable({
  proxy,
  verdict,
}: {
  readonly proxy: ProxySeen;
  readonly verdict: AuditVerdict;
}) {
  const running = new Set(
    proxy.instances
      .filter(({ connection }) => connection !== 'disconnected')
      .map(({ status }) => status.instance as string),
  );
  return (
    <Card aria-labelledby="streams">
      <CardHeader id="streams" title="Streams" note="one for each start of the proxy" />
      <Table aria-label="Streams">
        <TableHead>
          <tr>
            <HeadCell>Stream</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell>Verdict</HeadCell>
            <HeadCell className="text-right">Records</HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {verdict.streams.toReversed().map(({ stream, state, verdict, records }) => {
            const [stateText, stateTone] = states[stateOfStream(stream, state, running)];
            const [verdictText, verdictTone] = verdicts[verdict];
            const instance = instanceOf(stream);
            return (
              <TableRow key={stream}>
                <Cell className="font-mono text-xs">
                  {instance === undefined ? (
                    <ForeignText text={stream} max={96} />
                  ) : (
                    <PageLink
                      href={`/proxy/${encodeURIComponent(proxy.name)}?tab=activity&instance=${instance}`}
                      className="underline-offset-4 hover:underline"
                    >
                      {stream}
                    </PageLink>
                  )}
                </Cell>
                <Cell>
                  <Badge tone={stateTone}>{stateText}</Badge>
                </Cell>
                <Cell>
                  <Badge tone={verdictTone}>{verdictText}</Badge>
                </Cell>
                <Cell className="text-right tabular-nums">{formatCount(records)}</Cell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Card>
  );
}
