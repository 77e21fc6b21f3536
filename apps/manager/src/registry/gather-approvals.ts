import type { AllApprovalsPort } from '@mcp-acp/api/ports/approvals';
import type { Forward } from '@mcp-acp/api/ports/forward';
import {
  type ApprovalList,
  approvalListSchema,
  type Grant,
  grantSchema,
} from '@mcp-acp/shared/live/approval';
import type { originSchema } from '@mcp-acp/shared/live/instance-status';
import * as z from 'zod';
import type { ReadModel } from '../read-model/read-model.ts';

type Origin = z.infer<typeof originSchema>;
type Unheard = Origin & { readonly problem: string };

/** One that hangs must not keep what others ask from a person. Milliseconds. */
const answerMs = 2_000;

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 1024);

/** Asks all instances that are connected at once. What one of them says of another is not believed. */
export function gatherApprovals(
  model: Pick<ReadModel, 'list'>,
  forward: Forward,
  withinMs = answerMs,
): AllApprovalsPort {
  const connected = (): Origin[] =>
    model
      .list()
      .flatMap(({ instances }) =>
        instances.map(({ status }) => ({ id: status.proxyId, name: status.name, instance: status.instance })),
      );

  const ask = async (origin: Origin, path: string): Promise<unknown> => {
    const target = { proxy: origin.name, instance: origin.instance };
    const answer = forward({ path, kind: 'query', input: target, ...target, signal: undefined });
    const { promise: late, stop } = lateness(withinMs);
    try {
      return await Promise.race([answer, late]);
    } finally {
      stop();
      answer.catch(() => undefined);
    }
  };

  const gather = async <Item extends { readonly proxy: Origin }>(
    path: string,
    read: (answer: unknown) => readonly Item[],
  ): Promise<{ readonly items: Item[]; readonly unheard: Unheard[] }> => {
    const items: Item[] = [];
    const unheard: Unheard[] = [];
    await Promise.all(
      connected().map(async (origin) => {
        try {
          const told = read(await ask(origin, path));
          items.push(...told.filter(({ proxy }) => isSame(proxy, origin)));
        } catch (error) {
          unheard.push({ ...origin, problem: problemOf(error) });
        }
      }),
    );
    return { items, unheard };
  };

  return {
    pending: async () => {
      const read = (answer: unknown): ApprovalList['pending'] => approvalListSchema.parse(answer).pending;
      const { items, unheard } = await gather('proxy.approvals', read);
      const pending = items.sort((one, other) => compare(one.askedAt, other.askedAt));
      return { pending, unheard };
    },
    grants: async () => {
      const read = (answer: unknown): readonly Grant[] => z.array(grantSchema).parse(answer);
      const { items, unheard } = await gather('proxy.grants', read);
      const grants = items.sort((one, other) => compare(one.madeAt, other.madeAt));
      return { grants, unheard };
    },
  };
}

const isSame = (one: Origin, other: Origin): boolean =>
  one.instance === other.instance && one.name === other.name;

const compare = (one: string, other: string): number => Date.parse(one) - Date.parse(other);

function lateness(withinMs: number): { readonly promise: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It did not answer within ${withinMs / 1000} seconds.`)),
      withinMs,
    );
  });
  return { promise, stop: () => clearTimeout(timer) };
}
