'use client';

import type { PendingApproval } from '@mcp-acp/shared/live/approval';
import { lazyPart } from '../../live/lazy-part.ts';
import { DenyDialog } from './deny-dialog.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { MuteDialog } from './mute-dialog.tsx';
import type { Answering } from './use-answering.ts';

const MakeRuleDialog = lazyPart(async () => (await import('../policy/make-rule-dialog.tsx')).MakeRuleDialog);

export type CardDialog = 'grant' | 'reason' | 'rule' | 'mute';

export interface CardDialogsProps {
  readonly dialog: CardDialog;
  readonly question: PendingApproval;
  readonly answering: Answering;
  readonly onClose: () => void;
}

/** What a card asks before an answer that says more than yes or no. */
export function CardDialogs({ dialog, question, answering, onClose }: CardDialogsProps) {
  switch (dialog) {
    case 'grant':
      return <GrantDialog question={question} onGrant={answering.approve} onClose={onClose} />;
    case 'reason':
      return <DenyDialog question={question} onDeny={answering.deny} onClose={onClose} />;
    case 'mute':
      return <MuteDialog question={question} onClose={onClose} />;
    case 'rule': {
      const { proxy, approval } = question;
      return (
        <MakeRuleDialog
          proxy={proxy.name}
          source={{ kind: 'approval', instance: proxy.instance, approval }}
          open
          onOpenChange={(open) => {
            if (!open) onClose();
          }}
        />
      );
    }
  }
}
