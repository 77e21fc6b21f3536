import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Stage } from './stage.ts';

const inShell = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');

/** The dialog that makes a proxy. */
export const wizard = (page: Page) => page.getByRole('dialog', { name: 'Add proxy' });

/** Fills in the steps of the wizard up to "Create". */
export async function prepare(
  page: Page,
  name: string,
  command: readonly string[],
  template: RegExp,
): Promise<void> {
  const dialog = wizard(page);
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByRole('radio', { name: 'Command' }).click();
  await dialog.getByLabel('Command', { exact: true }).and(page.getByRole('textbox')).fill(inShell(command));
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog
    .getByRole('radiogroup', { name: 'Policy template' })
    .getByRole('radio', { name: template })
    .click();
  await dialog.getByRole('button', { name: 'Create' }).click();
}

/** What the dialog tells to type in a terminal, typed there by a person who read what it shows. */
export async function confirmInTerminal(stage: Stage, name: string, reads: string): Promise<void> {
  const terminal = stage.terminal(['proxy', 'trust', name]);
  await terminal.shows(reads);
  await terminal.shows(`Type ${name}`);
  terminal.type(`${name}\r`);
  expect(await terminal.ended(), terminal.shown()).toBe(0);
}
