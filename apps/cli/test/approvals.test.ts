import { expect, test } from 'vitest';
import { approvalsScene } from './approvals-scene.ts';

const codeOf = (answer: { result?: { structuredContent?: unknown } }): unknown =>
  Reflect.get(Object(answer.result?.structuredContent), 'code');

test('[APPROVALS-TERMINAL] without a terminal nothing is answered, whatever the flags', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  await agent.call('write_file', { path: '/tmp/a' });
  const [question] = await scene.asked(1);
  const id = question?.approval ?? '';
  for (const command of [
    ['approve', id],
    ['approve', id, '--json'],
    ['deny', id],
    ['deny', '--all'],
    ['mute', 'write_file'],
  ]) {
    const { status, stderr } = scene.run('approvals', ...command);
    expect({ command, status }).toEqual({ command, status: 2 });
    expect(stderr).toContain('needs a terminal');
  }
  expect(scene.run('approvals', 'approve', id, '--yes').status).toBe(2);
  expect(scene.pending()).toHaveLength(1);
});

test('[APPROVALS-TERMINAL][APPROVAL-SHOWN] a yes is typed, below all that it is about', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const given = { path: '/tmp/a', content: 'x\u202ey\u001b[2J', big: 'z'.repeat(200_000) };
  expect(codeOf(await agent.call('write_file', given))).toBe('nobody_could_be_asked');
  const [question] = await scene.asked(1);
  const id = question?.approval ?? '';

  const shown = scene.run('approvals', 'show', id.slice(5, 12)).stdout;
  for (const part of [
    'write_file',
    'tester 1.2',
    'writes',
    '"content": "x\\u{202e}y\\u001b[2J"',
    given.big,
  ]) {
    expect(shown.includes(part)).toBe(true);
  }
  expect(scene.json('approvals', 'show', id).arguments === JSON.stringify(given)).toBe(true);

  const no = scene.terminal(['approvals', 'approve', id]);
  await no.shows('Type yes to approve this call');
  no.type('y\r');
  expect(await no.ended()).toBe(1);
  expect(no.output().includes('Nothing was answered.')).toBe(true);

  const stopped = scene.terminal(['approvals', 'approve', id]);
  await stopped.shows('Type yes');
  stopped.type('\u0003');
  expect(await stopped.ended()).toBe(1);
  expect(stopped.takesLines()).toBe(true);

  const yes = scene.terminal(['approvals', 'approve', id]);
  await yes.shows('Type yes');
  expect(yes.output().includes('\u202e')).toBe(false);
  yes.type('yes\r');
  expect(await yes.ended()).toBe(0);
  expect(yes.output().includes('the next attempt of "write_file" goes through, once')).toBe(true);
  expect((await agent.call('write_file', given)).result.isError).not.toBe(true);

  const late = scene.run('approvals', 'show', id);
  expect([late.status, late.stderr]).toEqual([
    1,
    expect.stringMatching(/Too late.*approved already on the command line/),
  ]);
});

test('[APPROVALS-TERMINAL][APPROVAL-SHOWN] a card is printed in rows of the terminal, in which others put nothing where our words stand', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const ours = `Rule        reads: it only reads`;
  const given = {
    path: `/tmp/a${' '.repeat(3_000)}\u05d0${'x'.repeat(66)}${ours}`,
    wide: '日'.repeat(1_500),
  };
  await agent.call('write_file', given);
  const [question] = await scene.asked(1);
  const id = question?.approval ?? '';
  const size = { columns: 80, rows: 48 };
  const isOurs = /^(?:Tool|Definition|Method|Proxy|Client|Subject|Does|Effects|Rule|Path|Host) /;
  const opened = {
    show: scene.terminal(['approvals', 'show', id], size),
    approve: scene.terminal(['approvals', 'approve', id], size),
    deny: scene.terminal(['approvals', 'deny', id], size),
  };
  for (const [name, terminal] of Object.entries(opened)) {
    await terminal.shows(name === 'show' ? 'this call' : /Type yes to (?:approve|deny) this call/);
    if (name !== 'show') {
      // A letter of two cells counts twice: what is wide alone takes 38 rows.
      await terminal.shows(/it begins \d+ lines\s+above/);
      terminal.type('no\r');
    }
    await terminal.ended();
    const rows = terminal.output().split(/\r?\n/);
    expect(rows.filter((row) => row.startsWith('Rule'))).toHaveLength(1);
    expect(rows.filter((row) => isOurs.test(row)).length).toBeGreaterThan(4);
    expect(rows.every((row) => row.length <= 80 || row.includes('Type yes'))).toBe(true);
    expect(rows.some((row) => row.includes('/tmp/a (3000 blanks) \\u{5d0}xxx'))).toBe(true);
    expect(terminal.output()).not.toContain('\u05d0');
    expect(terminal.output().includes('A yes is good for')).toBe(name !== 'deny');
  }
});

test('[APPROVALS-TERMINAL] lists of questions have one for each that waits, whatever its tool is called', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  // Behind so much it stands at the beginning of a row of 80 cells, unless that is broken by us.
  const forged = `appr_${'a'.repeat(16)}`;
  await agent.call(`write_${'\u202e'.repeat(5)}xxxx${forged}  files  read`, {});
  await scene.asked(1);
  const size = { columns: 80, rows: 48 };
  const list = scene.terminal(['approvals', 'list'], size);
  const deny = scene.terminal(['approvals', 'deny', '--all'], size);
  await deny.shows('Type deny 1');
  deny.type('no\r');
  for (const terminal of [list, deny]) {
    await terminal.ended();
    const rows = terminal.output().split(/\r?\n/);
    expect(rows.filter((row) => row.startsWith('appr_'))).toHaveLength(1);
    expect(rows.filter((row) => row.length > 80)).toEqual([]);
  }
});

test('[APPROVAL-SHOWN] what is new against the last approved call is said', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  const differences = async (given: object): Promise<string> => {
    await agent.call('write_file', given);
    const [question] = await scene.asked(1);
    const id = question?.approval ?? '';
    const { stdout } = scene.run('approvals', 'show', id);
    const yes = scene.terminal(['approvals', 'approve', id]);
    await yes.shows('Type yes');
    yes.type('yes\r');
    expect(await yes.ended()).toBe(0);
    await agent.call('write_file', given);
    return stdout;
  };
  expect(await differences({ path: '/tmp/a', n: 1 })).toContain(
    'No call of this was approved in this session',
  );
  const changed = await differences({ path: '/tmp/b', n: 1, more: [true] });
  for (const line of ['- path: "/tmp/a"', '+ path: "/tmp/b"', '+ more: [true]'])
    expect(changed).toContain(line);
  expect(await differences({ more: [true], n: 1, path: '/tmp/b' })).toContain(
    'the same values, written differently',
  );
});

test('[APPROVALS-COMMANDS] grants and mutes reach as far as was said, are listed and taken back', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  await agent.call('delete_file', { path: '/tmp/a' });
  const [question] = await scene.asked(1);
  const id = question?.approval ?? '';

  const far = scene.terminal(['approvals', 'approve', id, '--grant', 'tool', '--for', '1d']);
  await far.shows('Type delete_file');
  far.type('delete_file\r');
  expect(await far.ended()).toBe(2);
  expect(await scene.terminal(['approvals', 'approve', id, '--uses', '3']).ended()).toBe(2);

  const granted = scene.terminal([
    'approvals',
    'approve',
    id,
    '--grant',
    'tool',
    '--for',
    '5m',
    '--uses',
    '2',
  ]);
  await granted.shows(/Type delete_file to approve it and grant this tool/);
  granted.type('delete_file\r');
  expect(await granted.ended()).toBe(0);
  expect((await agent.call('delete_file', { path: '/tmp/b' })).result.isError).not.toBe(true);
  const { grants } = scene.json('approvals', 'grants');
  expect(grants).toMatchObject([
    { effect: 'allow', scope: 'tool', tool: 'delete_file', mostUses: 2, channel: 'cli' },
  ]);
  expect(scene.run('approvals', 'grants').stdout).toContain('delete_file, the whole tool');
  expect(scene.json('approvals', 'revoke', grants[0].grant.slice(0, 10))).toMatchObject({ revoked: true });
  expect(codeOf(await agent.call('delete_file', { path: '/tmp/b' }))).toBe('nobody_could_be_asked');

  const muted = scene.terminal(['approvals', 'mute', 'delete_file', '--for', '10m', '--reason', 'not now']);
  await muted.shows('Type yes to refuse for 10 min what would be asked about delete_file');
  muted.type('yes\r');
  expect(await muted.ended()).toBe(0);
  expect(scene.pending()).toEqual([]);
  expect(codeOf(await agent.call('delete_file', { path: '/tmp/c' }))).toBe('person_denied');
  const [mute] = scene.json('approvals', 'grants').grants;
  expect(mute).toMatchObject({ effect: 'deny', tool: 'delete_file' });
  expect(scene.run('approvals', 'revoke', mute.grant).stdout).toContain('has ended');
  expect(scene.run('approvals', 'revoke', mute.grant).status).toBe(1);
});

test('[APPROVALS-COMMANDS] one, some or all are denied, through the manager and without it', async () => {
  await using scene = await approvalsScene('files', 'mail');
  const agents = [await scene.reached('files'), await scene.reached('mail')];
  for (const agent of agents) {
    for (const tool of ['write_a', 'write_b']) await agent.call(tool, { path: '/tmp/a' });
  }
  const before = await scene.asked(4);
  expect(scene.json('approvals', 'list').source).toBe('proxies');
  const one = before.find(({ tool, proxy }) => tool === 'write_a' && proxy.name === 'files')?.approval ?? '';
  const denied = scene.terminal(['approvals', 'deny', one, '--reason', 'no']);
  await denied.shows('Type yes to deny');
  denied.type('yes\r');
  expect(await denied.ended()).toBe(0);

  scene.json('manager', 'start');
  await expect.poll(() => scene.json('approvals', 'list').source).toBe('manager');
  await scene.asked(3);
  expect(
    scene
      .json('status')
      .proxies.map(({ instances }: { instances: { pending: number }[] }) => instances[0]?.pending),
  ).toEqual([1, 2]);
  for (const command of [['status'], ['proxy', 'list'], []]) {
    expect([command, scene.run(...command).stderr]).toEqual([
      command,
      '3 calls wait for your answer: mcp-acp approvals watch\n',
    ]);
  }
  const some = scene.terminal(['approvals', 'deny', '--all', '--tool', 'write_b']);
  await some.shows('Type deny 2 to deny 2 calls');
  some.type('deny 2\r');
  expect(await some.ended()).toBe(0);
  const [left] = await scene.asked(1);
  expect(left).toMatchObject({ tool: 'write_a', proxy: { name: 'mail' } });
  const none = scene.terminal(['approvals', 'deny', '--all', '--proxy', 'files']);
  expect(await none.ended()).toBe(0);
  expect(scene.run('approvals', 'deny').status).toBe(2);
  expect(scene.run('approvals', 'list', '--proxy', 'files').stderr).toContain('Nothing waits');
  const stop = scene.json('manager', 'stop');
  expect(stop).toBeDefined();
  await scene.asked(1);
});

test('[APPROVALS-COMMANDS] an id may be shortened as long as it says which', async () => {
  await using scene = await approvalsScene('files');
  const agent = await scene.reached('files');
  await agent.call('write_a', {});
  await agent.call('write_b', {});
  await scene.asked(2);
  const several = scene.run('approvals', 'show', 'appr_');
  expect([several.status, several.stderr]).toEqual([2, expect.stringContaining('2 questions begin')]);
  expect(scene.run('approvals', 'show', 'nothing').status).toBe(1);
  expect(scene.run('approvals', 'show', '').status).toBe(1);
});
