import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { approvalsScene } from './approvals-scene.ts';
import { until } from './live-scene.ts';

const codeOf = (answer: { result?: { structuredContent?: unknown } }): unknown =>
  Reflect.get(Object(answer.result?.structuredContent), 'code');

/** Past the guard of what has just appeared. */
const readIt = () => new Promise((resolve) => setTimeout(resolve, 700));

/** As a person does who wants to say yes: until the last line was on the screen. */
async function readOn(watch: {
  readonly shows: (what: RegExp | string) => Promise<void>;
  readonly screen: () => string;
  readonly type: (keys: string) => void;
}): Promise<void> {
  await watch.shows(/a approve once|space read on/);
  while (watch.screen().includes('space read on')) {
    watch.type(' ');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await watch.shows('a approve once');
}

test('[APPROVALS-WATCH] while it is open calls wait, and are answered with keys and a typed yes', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const watch = scene.terminal(['approvals', 'watch'], { columns: 80, rows: 24 });
  await watch.shows('nothing waits for you, no manager');

  const first = agent.call('write_file', { path: '/tmp/first', content: 'x\u202ey' });
  await watch.shows(/> write_file .*files, tester.*held/);
  await watch.shows('"content": "x\\u{202e}y"');
  await readOn(watch);
  await readIt();
  // What comes in one piece with the key was not typed in answer to the question.
  watch.type('ayes\r');
  await watch.shows('Type yes to approve this call');
  watch.type('no\r');
  await watch.shows('Nothing was answered.');
  watch.type('a');
  await watch.shows('Type yes to approve this call');
  watch.type('yes\r');
  expect((await first).result.isError).not.toBe(true);
  await watch.shows('Approved: "write_file" goes on');
  await watch.shows('nothing waits for you');

  const calls = ['write_b', 'write_c'].map((tool) => agent.call(tool, { path: '/tmp/x' }));
  await watch.shows('2 waiting');
  await readOn(watch);
  await readIt();
  const under = /> (write_\w)/.exec(watch.screen())?.[1];
  watch.type('r');
  await watch.shows('Deny, saying');
  watch.type('not on a Friday\r');
  const denied = await calls[under === 'write_b' ? 0 : 1];
  expect(JSON.stringify(denied)).toContain('not on a Friday');
  await watch.shows(/1 waiting/);
  await readOn(watch);
  await readIt();
  watch.type('d');
  expect(codeOf((await calls[under === 'write_b' ? 1 : 0]) ?? {})).toBe('person_denied');
  watch.type('q');
  expect(await watch.ended()).toBe(0);
  expect([watch.isLent(), watch.hasCursor(), watch.takesLines()]).toEqual([false, true, true]);
  expect(codeOf(await agent.call('write_d'))).toBe('nobody_could_be_asked');
});

test('[APPROVALS-WATCH] a grant is chosen by numbers and confirmed with the name of the tool', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const watch = scene.terminal(['approvals', 'watch']);
  await watch.shows('nothing waits for you, no manager');
  const first = agent.call('delete_file', { path: '/tmp/a' });
  await watch.shows('g grant');
  await readIt();
  watch.type('g');
  await watch.shows('How far may it reach?');
  const tool = /([1-9]) {2}this tool/.exec(watch.screen())?.[1] ?? '';
  watch.type(tool);
  await watch.shows('For how long?');
  watch.type('1');
  await watch.shows('How many calls?');
  watch.type('3\r');
  await watch.shows('Grant: this tool, whatever its arguments, at most 5 min, at most 3 uses');
  watch.type('delete_file\r');
  expect((await first).result.isError).not.toBe(true);
  expect((await agent.call('delete_file', { path: '/tmp/b' })).result.isError).not.toBe(true);
  expect(scene.json('approvals', 'grants').grants).toMatchObject([{ scope: 'tool', mostUses: 3 }]);
  watch.type('\u0003');
  expect(await watch.ended()).toBe(0);
  expect(watch.takesLines()).toBe(true);
});

test('[APPROVALS-WATCH] what has just appeared is not answered, and who loses is told', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const watch = scene.terminal(['approvals', 'watch']);
  await watch.shows('nothing waits for you, no manager');
  // A key that is held down while it appears.
  let pressing = true;
  const held = (async () => {
    while (pressing) {
      watch.type('d');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  const call = agent.call('write_file', { path: '/tmp/a' });
  await watch.shows('This has just appeared');
  pressing = false;
  await held;
  await readIt();
  const [question] = scene.pending();
  if (question !== undefined) {
    watch.type('a');
    await watch.shows('Type yes');
    const other = scene.terminal(['approvals', 'deny', question.approval]);
    await other.shows('Type yes');
    other.type('yes\r');
    expect(await other.ended()).toBe(0);
    await watch.shows('"write_file": it was denied already on the command line');
  }
  expect(codeOf(await call)).toBe('person_denied');
});

test('[APPROVALS-WATCH] it outlives the manager, and is as large as its window', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  scene.json('manager', 'start');
  const watch = scene.terminal(['approvals', 'watch'], { columns: 80, rows: 24 });
  await watch.shows('through the manager');
  const call = agent.call('write_file', {
    path: '/tmp/a',
    lines: Array.from({ length: 80 }, (_, at) => `line ${at}`),
  });
  await watch.shows('1 waiting');
  await watch.shows(/lines 1 to \d+ of \d+/);
  const lines = watch.screen().split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  watch.type(' ');
  await watch.shows(/lines (?!1 )\d+ to \d+ of \d+/);
  execFileSync('stty', ['-F', watch.name(), 'cols', '60', 'rows', '16']);
  await until('the smaller window', () => watch.screen().split('\n').length <= 16);
  await until(
    'narrower lines',
    () =>
      Math.max(
        ...watch
          .screen()
          .split('\n')
          .map((line) => line.length),
      ) <= 60,
  );

  scene.json('manager', 'stop');
  await watch.shows('no manager');
  await readIt();
  watch.type('d');
  expect(codeOf(await call)).toBe('person_denied');
  scene.json('manager', 'start');
  await watch.shows('through the manager');
  await watch.shows('The manager is back.');
  const again = agent.call('write_again', { path: '/tmp/a' });
  await watch.shows('> write_again');
  await readOn(watch);
  await readIt();
  watch.type('d');
  expect(codeOf(await again)).toBe('person_denied');
});

test('[APPROVALS-WATCH] the terminal is given back whatever ends it', async () => {
  await using scene = await approvalsScene('files');
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    const watch = scene.terminal(['approvals', 'watch']);
    await watch.shows('nothing waits for you');
    expect([watch.isLent(), watch.hasCursor()]).toEqual([true, false]);
    process.kill(watch.pid(), signal);
    expect(await watch.ended()).toBe(0);
    expect([watch.isLent(), watch.hasCursor(), watch.takesLines()]).toEqual([false, true, true]);
  }
});

test('[APPROVALS-WATCH] without a terminal it prints a line for each question, and nobody can be asked', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const lines = scene.follow('approvals', 'watch');
  expect(codeOf(await agent.call('write_a', { path: '/tmp/a' }))).toBe('nobody_could_be_asked');
  await until('the first line', () => lines.lines.length === 1);
  expect(codeOf(await agent.call('evil\u001b[2J'))).toBe('nobody_could_be_asked');
  await until('the second line', () => lines.lines.length === 2);
  expect(lines.lines).toMatchObject([{ tool: 'write_a', state: 'open' }, { tool: 'evil\u001b[2J' }]);
  expect(await lines.stop()).toBe(0);
});
