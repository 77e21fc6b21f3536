// Installs, or says how to install, what `npm run test:system` needs beyond npm: strace, to kill a process or fail a
// system call at an exact moment, and Chromium, to see what real pages may do. Exits 0 only when both are there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const runs = (command, argument) => spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
const chromium = '/usr/bin/chromium';

/** What is needed, the package that has it, and whether it is there. */
const needs = [
  { name: 'strace', present: () => runs('strace', '-V') },
  { name: 'chromium', present: () => existsSync(chromium) && runs(chromium, '--version') },
];

const say = (text) => process.stdout.write(`${text}\n`);

function give(up) {
  process.stderr.write(`${up}\n`);
  process.exit(1);
}

if (process.platform !== 'linux') give('The system tests need Linux: they inject faults into system calls.');

const missing = needs.filter(({ present }) => !present()).map(({ name }) => name);
if (missing.length > 0) {
  const names = missing.join(' ');
  if (!existsSync('/etc/debian_version')) {
    give(
      `Missing: ${names}. Install the packages of your distribution (dnf, pacman, apk, zypper …); the browser is expected at ${chromium}.`,
    );
  }
  if (process.getuid?.() !== 0) give(`Missing: ${names}. Install: sudo apt-get install -y ${names}`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    say(`apt-get ${args.join(' ')}`);
    const { status } = spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) give(`apt-get ${args[0]} failed. Install by hand, then run this again: ${names}`);
  }
}
for (const { name, present } of needs) {
  if (!present()) give(`apt-get reported success, yet ${name} does not run.`);
  say(`${name} is installed.`);
}
