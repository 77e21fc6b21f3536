// Installs, or says how to install, what `npm run test:system` needs beyond npm: strace, to kill a process or fail a
// system call at an exact moment. Exits 0 only when it is there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const present = () => spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;
const say = (text) => process.stdout.write(`${text}\n`);

function give(up) {
  process.stderr.write(`${up}\n`);
  process.exit(1);
}

if (process.platform !== 'linux') give('The system tests need Linux: they inject faults into system calls.');
if (present()) {
  say('strace is installed.');
  process.exit(0);
}
if (!existsSync('/etc/debian_version')) {
  give('strace is missing. Install the package "strace" of your distribution (dnf, pacman, apk, zypper …).');
}
if (process.getuid?.() !== 0) give('strace is missing. Install it: sudo apt-get install -y strace');

for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'strace']]) {
  say(`apt-get ${args.join(' ')}`);
  const { status } = spawnSync('apt-get', args, {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) give(`apt-get ${args[0]} failed. Install strace by hand, then run this again.`);
}
if (!present()) give('apt-get reported success, yet strace does not run.');
say('strace is installed.');
