// Installs, or says how to install, what `npm run test:system` needs beyond npm: strace, to kill a process or fail a
// system call at an exact moment, and a browser, to see what real pages may do. Exits 0 only when both are there.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tsImport } from 'tsx/esm/api';

const { findBrowser, thisMachine } = await tsImport('../e2e/resources/find-browser.ts', import.meta.url);

const hasStrace = () => spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;
const say = (text) => process.stdout.write(`${text}\n`);

function give(up) {
  process.stderr.write(`${up}\n`);
  process.exit(1);
}

if (process.platform !== 'linux') give('The system tests need Linux: they inject faults into system calls.');

if (!hasStrace()) {
  if (!existsSync('/etc/debian_version')) {
    give('Missing: strace. Install the package of your distribution (dnf, pacman, apk, zypper …).');
  }
  if (process.getuid?.() !== 0) give('Missing: strace. Install: sudo apt-get install -y strace');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'strace']]) {
    say(`apt-get ${args.join(' ')}`);
    const { status } = spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) give(`apt-get ${args[0]} failed. Install by hand, then run this again: strace`);
  }
  if (!hasStrace()) give('apt-get reported success, yet strace does not run.');
}
say('strace is installed.');

try {
  say(`The browser is ${findBrowser(thisMachine())}`);
} catch (error) {
  give(error.message);
}
