import { AcpError } from '@mcp-acp/shared/errors';
import type { CommandSpec } from '../../command-spec.ts';
import { askManager } from '../../live/ask-programs.ts';

/** How often it is said how far it is. Milliseconds. */
const sayMs = 1_000;

export const historyRebuild: CommandSpec = {
  path: ['history', 'rebuild'],
  summary: 'make the searchable history anew from the journals',
  details: 'The manager does it while it goes on with everything else. The journals are not changed.',
  examples: ['mcp-acp history rebuild'],
  async run(cli) {
    const done = await askManager(cli.paths(), async (api) => {
      const { apiClient } = await import('../../loaded-later/api-client.ts');
      let last = { doneBytes: 0, totalBytes: 0, records: 0 };
      let saidMs = performance.now();
      await new Promise<void>((resolve, reject) => {
        api.history.rebuild.subscribe(undefined, {
          onData: (progress) => {
            last = progress;
            if (performance.now() - saidMs < sayMs) return;
            saidMs = performance.now();
            cli.printer.note([`${percent(last)} %, ${last.records} records`]);
          },
          onComplete: resolve,
          onError: (error) => reject(apiClient.errorOf(error)),
        });
      });
      return last;
    });
    if (done.doneBytes < done.totalBytes) {
      throw new AcpError('history_unavailable', `It ended after ${percent(done)} %.`, {
        fix: 'See why: mcp-acp manager status',
      });
    }
    return { data: done, text: [`The history holds ${done.records} records again.`] };
  },
};

const percent = ({
  doneBytes,
  totalBytes,
}: {
  readonly doneBytes: number;
  readonly totalBytes: number;
}): number => (totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100));
