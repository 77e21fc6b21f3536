import { fileURLToPath } from 'node:url';
import type { Command } from '../resources/fixtures.ts';
import { type ProxySettings, TempHome } from '../resources/temp-home.ts';
import { openHttpBridge } from './bridge/http-bridge.ts';
import { openPlainFixture } from './plain-fixture.ts';

const fixtureScript = fileURLToPath(new URL('fixture/everything-server.mjs', import.meta.url));
const fixture: Command = [process.execPath, fixtureScript];

/** Something that the suite can be pointed at, until it is closed. */
export interface OpenWay extends AsyncDisposable {
  readonly target: string;
}

const held = (target: string, ...parts: readonly AsyncDisposable[]): OpenWay => ({
  target,
  async [Symbol.asyncDispose]() {
    for (const part of parts) await part[Symbol.asyncDispose]();
  },
});

/** The bridge in front of the built proxy, with a policy that allows everything, in front of this backend. */
async function openProxied(
  backend: ProxySettings['backend'],
  ...parts: readonly AsyncDisposable[]
): Promise<OpenWay> {
  const home = new TempHome();
  home.addProxy('fixture', { backend });
  const bridge = await openHttpBridge({
    command: home.startCommand('fixture'),
    env: home.env,
    cwd: home.base,
  });
  return held(bridge.url, bridge, home, ...parts);
}

/** `plain`: the fixture's own HTTP. `direct`: the bridge in front of the fixture on stdio. `proxied`: the proxy between. */
export async function openServerWay(way: 'plain' | 'direct' | 'proxied'): Promise<OpenWay> {
  if (way === 'proxied') return openProxied(fixture);
  if (way === 'plain') {
    const served = await openPlainFixture(fixtureScript);
    return held(served.url, served);
  }
  const bridge = await openHttpBridge({ command: fixture, env: process.env });
  return held(bridge.url, bridge);
}

/** As above, and behind the proxy the fixture's own HTTP. */
export async function openServerWayOverHttp(way: 'direct' | 'proxied'): Promise<OpenWay> {
  if (way === 'direct') return openServerWay(way);
  const served = await openPlainFixture(fixtureScript);
  return openProxied({ transport: 'http', url: served.url }, served);
}
