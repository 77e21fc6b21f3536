import { describe, expect, it } from 'vitest';
import { findBrowser, type Machine } from '../resources/find-browser.ts';

interface Story {
  readonly platform?: NodeJS.Platform;
  readonly env?: NodeJS.ProcessEnv;
  readonly isRoot?: boolean;
  readonly hasApt?: boolean;
  /** Files there are; those in `broken` do not run. */
  readonly files?: readonly string[];
  readonly broken?: readonly string[];
  /** What a command brings: by a word of it. */
  readonly brings?: Readonly<Record<string, string>>;
}

/** A machine that is not there, and all that was run on it but looks at versions. */
function machineOf(story: Story): Machine & { readonly ran: readonly string[] } {
  const files = new Set(story.files);
  const ran: string[] = [];
  return {
    platform: story.platform ?? 'linux',
    env: story.env ?? { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/ada',
    isRoot: story.isRoot ?? false,
    hasApt: story.hasApt ?? true,
    playwrights: '/home/ada/.cache/ms-playwright/chromium/chrome',
    ran,
    exists: (file) => files.has(file),
    run: (command) => {
      const [program = '', ...args] = command;
      if (args[0] === '--version') return !(story.broken ?? []).includes(program);
      ran.push(command.slice(program.includes('node') ? 2 : 0).join(' '));
      for (const [word, file] of Object.entries(story.brings ?? {})) {
        if (
          command.join(' ').includes(`install ${word}`) ||
          (word === 'apt' && args.includes('--no-install-recommends'))
        )
          files.add(file);
      }
      return true;
    },
  };
}

const playwrights = '/home/ada/.cache/ms-playwright/chromium/chrome';

describe('the browser of the tests', () => {
  it('is Playwright’s own where it is there, else the system’s, and nothing is fetched then', () => {
    const both = machineOf({ files: [playwrights, '/usr/bin/chromium'] });
    expect(findBrowser(both)).toBe(playwrights);
    const system = machineOf({ files: ['/usr/local/bin/google-chrome'] });
    expect(findBrowser(system)).toBe('/usr/local/bin/google-chrome');
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    const apple = machineOf({ platform: 'darwin', hasApt: false, files: [`/home/ada${mac}`] });
    expect(findBrowser(apple)).toBe(`/home/ada${mac}`);
    expect([...both.ran, ...system.ran, ...apple.ran]).toEqual([]);
  });

  it('is the one that is named, before any other', () => {
    const named = machineOf({ env: { E2E_BROWSER: '/opt/mine' }, files: ['/opt/mine', playwrights] });
    expect(findBrowser(named)).toBe('/opt/mine');
  });

  it('is one that runs: what is there and does not is passed over', () => {
    const machine = machineOf({ files: [playwrights, '/usr/bin/chromium'], broken: [playwrights] });
    expect(findBrowser(machine)).toBe('/usr/bin/chromium');
  });

  it('is downloaded where there is none, and is Debian’s package where that does not run', () => {
    const online = machineOf({ brings: { chromium: playwrights } });
    expect(findBrowser(online)).toBe(playwrights);
    expect(online.ran).toEqual(['install chromium']);
    const bare = machineOf({
      isRoot: true,
      broken: [playwrights],
      brings: { chromium: playwrights, apt: '/usr/bin/chromium' },
    });
    expect(findBrowser(bare)).toBe('/usr/bin/chromium');
    expect(bare.ran.filter((line) => line.startsWith('apt-get'))).toHaveLength(2);
  });

  it('is asked for in words where none can be had', () => {
    const machine = machineOf({});
    expect(() => findBrowser(machine)).toThrow(
      /sudo apt-get install -y chromium[\s\S]*playwright-core install/,
    );
    expect(machine.ran.some((line) => line.startsWith('apt-get'))).toBe(false);
    expect(() => findBrowser(machineOf({ platform: 'darwin', hasApt: false }))).toThrow(/Google Chrome/);
  });
});
