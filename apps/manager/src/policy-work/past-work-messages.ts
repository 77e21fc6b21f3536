import type { ProposeStep } from '@mcp-acp/admin/propose-rules';
import type { CallForRule } from '@mcp-acp/admin/propose-shapes';
import type { ReplayHome } from '@mcp-acp/admin/replay/home-of-replay';
import type { ReplayStep } from '@mcp-acp/admin/replay/replay-policy';
import type { ErrorCode } from '@mcp-acp/shared/errors';

interface OverThePast {
  readonly at: ReplayHome;
  readonly proxy: string;
  readonly days: number;
  /** What `~` stands for. */
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Work over the recorded calls of a proxy, as data. */
export type PastWork =
  | (OverThePast & { readonly kind: 'replay'; readonly text: string })
  | (OverThePast & {
      readonly kind: 'propose';
      readonly call: CallForRule;
      readonly effect: 'allow' | 'deny';
    });

export type PastStep = ReplayStep | ProposeStep;

/** What a thread that does it tells. */
export type FromPastWorker =
  | { readonly type: 'step'; readonly step: PastStep }
  | { readonly type: 'done' }
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly fix?: string;
      readonly position?: { readonly file: string; readonly line: number; readonly column: number };
    };
