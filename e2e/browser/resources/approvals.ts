import type { JournalRecord } from '@mcp-acp/shared/journal-record';
import { isEndOfApproval } from '@mcp-acp/shared/live/approval-end';
import type { Locator, Page } from 'playwright-core';
import { records } from '../../resources/journal.ts';
import type { TempHome } from '../../resources/temp-home.ts';

/** What of a page is about approvals, wherever in the dashboard it is. */
export interface ApprovalsInPage {
  /** On every page, while something waits. */
  readonly banner: Locator;
  /** All that waits, with what is decided on. */
  readonly drawer: Locator;
  /** Opens the drawer, as soon as something waits, where it is not open already. */
  review(): Promise<void>;
  card(tool: string): Locator;
  cards(): Locator;
  /** Denies all that waits, once the page asks about as many as `count` says: `12 calls`. */
  denyAll(count: string): Promise<void>;
}

export function approvalsIn(page: Page): ApprovalsInPage {
  const banner = page.getByRole('region', { name: 'Waiting for you' });
  const drawer = page.getByRole('dialog', { name: 'Approvals', exact: true });
  return {
    banner,
    drawer,
    review: async () => {
      // An open drawer covers the banner.
      await banner.or(drawer).first().waitFor();
      if (!(await drawer.isVisible())) await banner.getByRole('button', { name: 'Review' }).click();
      await drawer.waitFor();
    },
    card: (tool) => drawer.getByRole('article', { name: `Approval: ${tool}`, exact: true }),
    cards: () => drawer.locator('article[data-approval]'),
    denyAll: async (count) => {
      await drawer.getByRole('button', { name: /^Deny all / }).click();
      await page.getByRole('button', { name: `Deny ${count}`, exact: true }).click();
    },
  };
}

/** The buttons of a card. Each is clicked once it may be: not while it guards against a click that was meant for something else. */
export const onCard = (card: Locator) => ({
  approveOnce: () => card.getByRole('button', { name: 'Approve once' }).click(),
  deny: () => card.getByRole('button', { name: 'Deny', exact: true }).click(),
  grant: () => card.getByRole('button', { name: 'Grant…' }).click(),
  more: async (item: string) => {
    await card.getByRole('button', { name: 'More' }).click();
    await card.page().getByRole('menuitem', { name: item }).click();
  },
});

export type ApprovalRecord = Extract<JournalRecord, { type: 'approval' }>;

export const approvalRecords = (home: TempHome, proxy: string): readonly ApprovalRecord[] =>
  records(home, proxy).filter((record) => record.type === 'approval');

/** What the journal says a question came to; a question that is over has one such record. */
export const endsOf = (home: TempHome, proxy: string, approval?: string): readonly ApprovalRecord[] =>
  approvalRecords(home, proxy).filter(
    (record) => isEndOfApproval(record.event) && (approval === undefined || record.approval === approval),
  );
