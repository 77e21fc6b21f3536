import { visible } from '@mcp-acp/shared/visible';
import {
  type Desktop,
  type DesktopProgramEnd,
  findDesktopProgram,
  runDesktopProgram,
  zenityExits,
} from './desktop-program.ts';
import { isolatedLine } from './isolated-line.ts';
import { hasScreen } from './manager-browser.ts';

/** What a dialog asks; `text` may have several lines. The buttons' words are ours, the others may be anybody's. */
export interface DialogQuestion {
  readonly title: string;
  readonly text: string;
  readonly approve: string;
  readonly deny: string;
}

export interface DialogOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The dialog is closed with it. */
  readonly signal: AbortSignal;
  readonly platform?: NodeJS.Platform;
  /** An answer before that counts for nothing. Milliseconds; by default {@link dialogGuardMs}. */
  readonly guardMs?: number;
}

/**
 * `no_answer`: it was closed, by the signal among other things, or answered before anybody could have read it.
 * `no_dialog`: this system shows none.
 */
export type DialogAnswer = 'approve' | 'deny' | 'no_answer' | 'no_dialog';

/** Nobody reads a dialog in less: half a second for the program to draw it, and half a second of looking. Milliseconds. */
export const dialogGuardMs = 1_000;
/** No question stays longer. Milliseconds. */
const mostMs = 3_600_000;
/** More than this is not shown, and what is not shown is not approved. UTF-16 units and lines, as they are drawn. */
export const dialogBounds = { characters: 3_000, lines: 40, title: 120, button: 40 } as const;

/** Whether a text can be shown whole, so that a person can decide on it. */
export const fitsDialog = (text: string): boolean => {
  const lines = shownLines(text);
  return lines.length <= dialogBounds.lines && lines.join('\n').length <= dialogBounds.characters;
};

/** A way to ask, with the meaning of its end. Undefined: what it ended with is no answer of a person. */
interface DialogProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly answer: (end: DesktopProgramEnd) => 'approve' | 'deny' | 'closed' | undefined;
}

/** Asks in a dialog of the system, in which "deny" is what the Enter key means. Never throws, never blocks. */
export async function askInDialog(question: DialogQuestion, options: DialogOptions): Promise<DialogAnswer> {
  const { env, signal, platform = process.platform, guardMs = dialogGuardMs } = options;
  if (signal.aborted) return 'no_answer';
  if (!hasScreen({ env, platform }) || !fitsDialog(question.text)) return 'no_dialog';
  const dialog = dialogProgram(inert(question), { env, platform });
  if (dialog === undefined) return 'no_dialog';
  const end = await runDesktopProgram(dialog.program, dialog.args, { env, signal, mostMs });
  const answer = dialog.answer(end);
  if (signal.aborted) return 'no_answer';
  if (answer === undefined) return end.ranMs < guardMs ? 'no_dialog' : 'no_answer';
  return answer === 'closed' || end.ranMs < guardMs ? 'no_answer' : answer;
}

const shownLines = (text: string): readonly string[] =>
  text.split('\n').map((line) => visible(line, Number.POSITIVE_INFINITY));

const inert = ({ title, text, approve, deny }: DialogQuestion): DialogQuestion => ({
  title: isolatedLine(visible(title, dialogBounds.title)),
  text: shownLines(text).map(isolatedLine).join('\n'),
  approve: visible(approve, dialogBounds.button),
  deny: visible(deny, dialogBounds.button),
});

function dialogProgram(question: DialogQuestion, desktop: Desktop): DialogProgram | undefined {
  const candidates =
    desktop.platform === 'darwin'
      ? [osascript]
      : /\bKDE\b/i.test(desktop.env.XDG_CURRENT_DESKTOP ?? '')
        ? [kdialog, zenity]
        : [zenity, kdialog];
  for (const { name, ...way } of candidates) {
    const program = findDesktopProgram(name, desktop);
    if (program !== undefined) return { program, args: way.args(question), answer: way.answer };
  }
  return undefined;
}

interface DialogWay {
  readonly name: string;
  readonly args: (question: DialogQuestion) => readonly string[];
  readonly answer: DialogProgram['answer'];
}

const zenity: DialogWay = {
  name: 'zenity',
  args: ({ title, text, approve, deny }) => [
    '--question',
    '--no-markup',
    '--default-cancel',
    '--width=640',
    `--title=${title}`,
    // It undoes backslashes before it shows a text.
    `--text=${text.replaceAll('\\', '\\\\')}`,
    `--ok-label=${withoutMnemonic(approve)}`,
    `--cancel-label=${withoutMnemonic(deny)}`,
  ],
  answer: ({ code }) => {
    if (code === zenityExits.yes || code === 0) return 'approve';
    if (code === zenityExits.no) return 'deny';
    return code === zenityExits.closed ? 'closed' : undefined;
  },
};

/** In a label an underscore marks the key that presses it. */
const withoutMnemonic = (label: string): string => label.replaceAll('_', '__');

/** Its yes-or-no dialogs take Escape, or a failure, for one of the two; a list says in words what was chosen. */
const kdialog: DialogWay = {
  name: 'kdialog',
  args: ({ title, text, approve, deny }) => [
    `--title=${title}`,
    '--radiolist',
    `<qt><p style="white-space:pre-wrap">${asHtml(text)}</p></qt>`,
    ...['deny', deny, 'on'],
    ...['approve', approve, 'off'],
  ],
  answer: ({ code, stdout }) => {
    const chosen = stdout.trim();
    if (code !== 0) return undefined;
    return chosen === 'approve' || chosen === 'deny' ? chosen : undefined;
  },
};

/** What has a tag in it is taken for HTML, so all of it is, and nothing in it is a tag, an entity or an escape. */
const asHtml = (text: string): string =>
  text.replace(/[&<>"'\\]/g, (character) => `&#${character.charCodeAt(0)};`).replaceAll('\n', '<br/>');

const osascriptLines = [
  'on run argv',
  'set asked to display dialog (item 3 of argv) with title (item 2 of argv) ' +
    'buttons {item 4 of argv, item 5 of argv} default button 2 with icon caution',
  'if button returned of asked is (item 4 of argv) then return "approve"',
  'if button returned of asked is (item 5 of argv) then return "deny"',
  'return "closed"',
  'end run',
];

/** Texts are arguments of a fixed script. The first one is no option, so none of those behind it is. */
const osascript: DialogWay = {
  name: 'osascript',
  args: ({ title, text, approve, deny }) => [
    ...osascriptLines.flatMap((line) => ['-e', line]),
    'mcp-acp',
    title,
    text,
    approve,
    deny,
  ],
  answer: ({ code, stdout }) => {
    const said = stdout.trim();
    return code === 0 && (said === 'approve' || said === 'deny' || said === 'closed') ? said : undefined;
  },
};
