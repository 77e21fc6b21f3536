import type { Clock } from '@mcp-acp/shared/clock';
import { canonicalJson } from '@mcp-acp/shared/json';
import { limits } from '@mcp-acp/shared/limits';
import type { ApprovalCard } from '@mcp-acp/shared/live/approval';
import type { Decided } from '../stages/stage-results.ts';
import { argumentsOf } from './arguments-of.ts';

type Approved = NonNullable<ApprovalCard['lastApproved']>;

export interface LastApproved {
  saw(decided: Decided): void;
  of(decided: Decided): Approved | undefined;
}

const mostTools = 64;

/** The arguments a person approved last, by tool: the newest tools of this session. */
export function createLastApproved(clock: Clock): LastApproved {
  const approved = new Map<string, Approved>();
  const keyOf = ({ classified }: Decided): string => {
    const { toolName, promptName, uri } = classified.access?.request ?? {};
    return canonicalJson([classified.identified.received.message.method, toolName ?? promptName ?? uri]);
  };
  return {
    saw: (decided) => {
      const text = argumentsOf(decided);
      const key = keyOf(decided);
      approved.delete(key);
      if (approved.size >= mostTools) approved.delete(approved.keys().next().value as string);
      approved.set(key, {
        time: new Date(clock.now()).toISOString(),
        arguments: text.slice(0, limits.argumentsPage),
        cut: text.length > limits.argumentsPage,
      });
    },
    of: (decided) => approved.get(keyOf(decided)),
  };
}
