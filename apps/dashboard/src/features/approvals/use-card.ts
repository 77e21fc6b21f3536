'use client';

import { acpErrorOf } from '@mcp-acp/api/client/errors';
import type { ApprovalCard, PendingApproval } from '@mcp-acp/shared/live/approval';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi, useClient } from '../../api/use-api.ts';
import { toast } from '../../components/toast.tsx';

export interface LastApproved {
  readonly time: string;
  readonly arguments: string;
}

export interface UsedCard {
  readonly card: ApprovalCard | undefined;
  readonly error: unknown;
  /** As far as they are here. */
  readonly arguments: string;
  readonly rest:
    | { readonly length: number; readonly isLoading: boolean; readonly load: () => void }
    | undefined;
  /** `null`: there is none, as far as is known. */
  readonly lastApproved: LastApproved | null | undefined;
}

const mostToolLength = 256;

/** All that a question's card shows, with pages of its arguments as they are asked for. */
export function useCard({ approval, proxy }: PendingApproval): UsedCard {
  const api = useApi();
  const { data: card, error } = useQuery(
    api.proxy.approval.queryOptions({ proxy: proxy.name, instance: proxy.instance, approval }),
  );
  const rest = useRestOfArguments(card);
  const known = card?.lastApproved;
  const tool = card?.tool;
  const { data: past, isError } = useQuery(
    api.history.lastApproved.queryOptions(
      { proxy: proxy.name, tool: tool ?? '' },
      {
        enabled:
          card !== undefined && known === undefined && tool !== undefined && tool.length <= mostToolLength,
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
      },
    ),
  );
  const nonePast = tool === undefined || isError ? null : past;
  return { card, error, ...rest, lastApproved: known ?? nonePast };
}

function useRestOfArguments(card: ApprovalCard | undefined): Pick<UsedCard, 'arguments' | 'rest'> {
  const client = useClient();
  const [more, setMore] = useState('');
  const [isLoading, setLoading] = useState(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const text = card === undefined ? '' : card.arguments + more;
  const load = useCallback(async (): Promise<void> => {
    if (card === undefined || isLoading) return;
    const { approval, proxy, argumentsLength } = card;
    setLoading(true);
    try {
      let got = card.arguments;
      while (got.length < argumentsLength && !isGone.current) {
        const page = await client.proxy.approvalArguments.query({
          proxy: proxy.name,
          instance: proxy.instance,
          approval,
          offset: got.length,
        });
        // Nothing more comes although more was promised: what is here stays known as a part.
        if (page.text === '') break;
        got += page.text;
      }
      setMore(got.slice(card.arguments.length));
    } catch (error) {
      toast.error(acpErrorOf(error).message);
    }
    setLoading(false);
  }, [card, client, isLoading]);
  const length = (card?.argumentsLength ?? 0) - text.length;
  return {
    arguments: text,
    rest: length > 0 ? { length, isLoading, load: () => void load() } : undefined,
  };
}
