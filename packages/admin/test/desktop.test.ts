import { expect, test } from 'vitest';
import { askInDialog, type DialogQuestion, dialogBounds } from '../src/desktop-dialog.ts';
import { notifyDesktop } from '../src/desktop-notification.ts';
import { zenityExits } from '../src/desktop-program.ts';
import { type Behaviour, fakeDesktop, isAlive } from './fake-desktop.ts';

/** On a machine that is busy, too. */
const eventually = <Value>(find: () => Value | Promise<Value>) => expect.poll(find, { timeout: 30_000 });

/** Longer than the guard. Milliseconds. */
const readMs = 1_200;
const hostile = '--help <b>a</b> &amp; $(touch x) `y`; "q" \\074b\\076 \u202e \u0000 \u001b[2J ‮';
const shown = '--help <b>a</b> &amp; $(touch x) `y`; "q" \\074b\\076 \\u{202e} \\u{0} \\u{1b}[2J \\u{202e}';

const question: DialogQuestion = {
  title: 'files asks',
  text: 'write_file\n{ "path": "/a" }',
  approve: 'Approve',
  deny: 'Deny',
};

const ask = (
  env: NodeJS.ProcessEnv,
  more: { signal?: AbortSignal; guardMs?: number; question?: Partial<DialogQuestion> } = {},
) => {
  const { signal = new AbortController().signal, question: changed, ...options } = more;
  return askInDialog({ ...question, ...changed }, { env, signal, platform: 'linux', ...options });
};

/** On a machine that is slow to start a program. */
const notify = (text: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') =>
  notifyDesktop({ title: text, text }, env, { platform, mostMs: 60_000 });

test('[ASK-NOTIFICATION] a notification counts only where the service took it', async () => {
  const told = async (behaviour: Behaviour, more: NodeJS.ProcessEnv = {}) => {
    using desktop = fakeDesktop({ 'notify-send': behaviour }, more);
    return await notify('a', desktop.env);
  };
  expect(await told({ afterMs: 0 })).toBe(true);
  expect(await told({ afterMs: 0, exit: 1 })).toBe(false);
  expect(await told({ afterMs: 0 }, { DISPLAY: '' })).toBe(false);
  expect(await told({ afterMs: 0 }, { DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' })).toBe(true);
  expect(await notify('a', { PATH: '/nowhere', DISPLAY: ':0' })).toBe(false);
});

test('[ASK-NOTIFICATION] a service that hangs is not waited for, and is ended', async () => {
  using desktop = fakeDesktop({ 'notify-send': {} });
  expect(await notifyDesktop({ title: 'a', text: 'b' }, desktop.env, { platform: 'linux' })).toBe(false);
  const [call] = desktop.calls('notify-send');
  // On a machine that is slow enough it was ended before it could write down that it was there.
  if (call !== undefined) await eventually(() => isAlive(call.pid)).toBe(false);
});

test('[ASK-NOTIFICATION] hostile words stay one argument, are no option and no markup', async () => {
  using desktop = fakeDesktop({ 'notify-send': { afterMs: 0 } });
  await notify(hostile, desktop.env);
  const inert = shown
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\\', '\\\\');
  expect(desktop.calls('notify-send')[0]?.args).toEqual(['--app-name=mcp-acp', '--', shown, inert]);
});

test('[ASK-NOTIFICATION] on macOS the words are arguments of a script that never changes', async () => {
  using desktop = fakeDesktop({ osascript: { afterMs: 0 } });
  await notify('a', desktop.env, 'darwin');
  await notify(hostile, desktop.env, 'darwin');
  const [plain, foreign] = desktop.calls('osascript').map(({ args }) => args);
  expect(foreign?.slice(0, -2)).toEqual(plain?.slice(0, -2));
  expect(plain?.slice(-3)).toEqual(['mcp-acp', 'a', 'a']);
  expect(foreign?.slice(-3)).toEqual(['mcp-acp', shown, shown]);
});

test('[ASK-DIALOG] programs of the desktop get no secret of the proxy', async () => {
  using desktop = fakeDesktop(
    { 'notify-send': { afterMs: 0 }, zenity: { afterMs: 0 } },
    { GITHUB_TOKEN: 's', LD_PRELOAD: '', XAUTHORITY: '/x' },
  );
  await notify('a', desktop.env);
  await ask(desktop.env);
  for (const name of ['notify-send', 'zenity']) {
    const env = desktop.calls(name)[0]?.env;
    expect(env).toMatchObject({ DISPLAY: ':9', XAUTHORITY: '/x' });
    expect(env).not.toHaveProperty('GITHUB_TOKEN');
    expect(env).not.toHaveProperty('LD_PRELOAD');
  }
});

test.each([
  ['zenity', { exit: zenityExits.yes }, 'approve'],
  ['zenity', { exit: zenityExits.no }, 'deny'],
  ['zenity', { exit: zenityExits.closed }, 'no_answer'],
  // What no person said: a failure, a crash, a clone that tells less.
  ['zenity', { exit: 1 }, 'no_answer'],
  ['zenity', { exit: 255 }, 'no_answer'],
  ['kdialog', { prints: 'approve\n' }, 'approve'],
  ['kdialog', { prints: 'deny\n' }, 'deny'],
  ['kdialog', { prints: 'approve\n', exit: 1 }, 'no_answer'],
  ['kdialog', { prints: 'anything\n' }, 'no_answer'],
] as const)('[ASK-DIALOG] %s with %j says %s', async (name, behaviour, expected) => {
  using desktop = fakeDesktop({ [name]: { afterMs: readMs, ...behaviour } });
  expect(await ask(desktop.env)).toBe(expected);
});

test('[ASK-DIALOG] an answer nobody could have read for does not count', async () => {
  for (const exit of [zenityExits.yes, zenityExits.no]) {
    using desktop = fakeDesktop({ zenity: { afterMs: 0, exit } });
    expect(await ask(desktop.env, { guardMs: 60_000 })).toBe('no_answer');
  }
});

test('[ASK-DIALOG] where there is no screen, no program, or one that fails at once, there is no dialog', async () => {
  using failing = fakeDesktop({ zenity: { afterMs: 0, exit: 1 } });
  expect(await ask(failing.env, { guardMs: 60_000 })).toBe('no_dialog');
  using works = fakeDesktop({ zenity: { afterMs: readMs, exit: zenityExits.yes } });
  expect(await ask({ ...works.env, DISPLAY: '' })).toBe('no_dialog');
  using bare = fakeDesktop({});
  expect(await ask(bare.env)).toBe('no_dialog');
});

test('[ASK-DIALOG] it is closed with its question, and with what it started', async () => {
  using desktop = fakeDesktop({ zenity: {} });
  const stop = new AbortController();
  const asked = ask(desktop.env, { signal: stop.signal });
  await eventually(() => desktop.calls('zenity').length).toBe(1);
  stop.abort();
  expect(await asked).toBe('no_answer');
  expect(isAlive(desktop.calls('zenity')[0]?.pid ?? 0)).toBe(false);
  expect(await ask(desktop.env, { signal: stop.signal })).toBe('no_answer');
  expect(desktop.calls('zenity')).toHaveLength(1);
});

test('[ASK-DIALOG] hostile words are arguments, visible, and nothing but text; "deny" is what Enter means', async () => {
  using desktop = fakeDesktop({ zenity: { afterMs: 0 } });
  await ask(desktop.env, { question: { title: hostile, text: `${hostile}\nb` } });
  const args = desktop.calls('zenity')[0]?.args ?? [];
  expect(args).toContain('--no-markup');
  expect(args).toContain('--default-cancel');
  expect(args).toContain(`--title=${shown}`);
  expect(args).toContain(`--text=${shown.replaceAll('\\', '\\\\')}\nb`);
  expect(args).toContain('--cancel-label=Deny');

  using kde = fakeDesktop(
    { zenity: { afterMs: 0 }, kdialog: { afterMs: 0 } },
    { XDG_CURRENT_DESKTOP: 'KDE' },
  );
  await ask(kde.env, { question: { title: hostile, text: hostile } });
  const [title, kind, text, ...choices] = kde.calls('kdialog')[0]?.args ?? [];
  expect([title, kind]).toEqual([`--title=${shown}`, '--radiolist']);
  expect(text?.match(/<[^>]*>/g)).toEqual(['<qt>', '<p style="white-space:pre-wrap">', '</p>', '</qt>']);
  expect(text).not.toContain('\\');
  expect(choices).toEqual(['deny', 'Deny', 'on', 'approve', 'Approve', 'off']);
  expect(kde.calls('zenity')).toEqual([]);
});

test('[ASK-DIALOG] on macOS the words are arguments of a script that never changes', async () => {
  const asked = async (behaviour: Behaviour, text: string) => {
    using desktop = fakeDesktop({ osascript: behaviour });
    const answer = await askInDialog(
      { ...question, text },
      { env: desktop.env, signal: new AbortController().signal, platform: 'darwin' },
    );
    return { answer, args: desktop.calls('osascript')[0]?.args ?? [] };
  };
  const plain = await asked({ afterMs: readMs, prints: 'approve\n' }, 'plain');
  const foreign = await asked({ afterMs: readMs, prints: 'deny\n' }, hostile);
  expect([plain.answer, foreign.answer]).toEqual(['approve', 'deny']);
  expect(foreign.args.slice(-5)).toEqual(['mcp-acp', 'files asks', shown, 'Approve', 'Deny']);
  expect(foreign.args.slice(0, -5)).toEqual(plain.args.slice(0, -5));
  expect((await asked({ afterMs: readMs, exit: 1 }, 'no screen')).answer).toBe('no_answer');
});

test('[ASK-DIALOG] what cannot be shown whole is not asked', async () => {
  using desktop = fakeDesktop({ zenity: { afterMs: readMs, exit: zenityExits.yes } });
  const long = 'x'.repeat(dialogBounds.characters + 1);
  expect(await ask(desktop.env, { question: { text: long } })).toBe('no_dialog');
  expect(await ask(desktop.env, { question: { text: '\n'.repeat(dialogBounds.lines) } })).toBe('no_dialog');
  // It is as long as it is drawn.
  expect(await ask(desktop.env, { question: { text: '\u202e'.repeat(dialogBounds.characters / 2) } })).toBe(
    'no_dialog',
  );
  expect(desktop.calls('zenity')).toEqual([]);
});

test('[ASK-DIALOG][ASK-NOTIFICATION] letters written from the right turn no line of a dialog or a notification round', async () => {
  const foreign = '\u05d0\u05d1/1';
  using desktop = fakeDesktop({
    zenity: { afterMs: readMs, exit: zenityExits.no },
    'notify-send': { afterMs: 0 },
  });
  await ask(desktop.env, { question: { title: foreign, text: `Tool: x\n"path": "${foreign}"` } });
  const args = desktop.calls('zenity')[0]?.args ?? [];
  expect(args).toContain(`--title=\u2066${foreign}\u2069`);
  expect(args).toContain(`--text=Tool: x\n\u2066"path": "${foreign}"\u2069`);
  await notify(foreign, desktop.env);
  expect(desktop.calls('notify-send')[0]?.args.slice(-1)).toEqual([`\u2066${foreign}\u2069`]);
});
