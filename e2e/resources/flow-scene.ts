import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Command, tapped } from './fixtures.ts';
import { type HttpFixture, httpFixture } from './http-fixture.ts';
import { type HttpTap, httpTap, messagesToClient, messagesToServer, refusedByStatus } from './http-tap.ts';
import { eventually, records } from './journal.ts';
import { allEnded } from './process-table.ts';
import { sdkVerdict } from './sdk-judge.ts';
import { TempHome } from './temp-home.ts';
import { readTaps, type TapEnd } from './wire-taps.ts';

/** How the backend of a flow is reached. */
export type BackendKind = 'stdio' | 'http' | 'sse';

/** How a flow server is started so that it is reached in this way. */
export type FlowServer = (mode: BackendKind) => Command;

const fixtures = resolve(fileURLToPath(new URL('.', import.meta.url)), '../fixtures');
const flowServer =
  (file: string): FlowServer =>
  (mode) => [process.execPath, join(fixtures, file), mode];

/** The same flows on each line of the SDK: stateful on the first, both eras on the second. */
export const flowsV1 = flowServer('flows-v1-server.mjs');
export const flowsV2 = flowServer('flows-v2-server.mjs');
/** The tasks extension of revision 2026-07-28, as raw messages. */
export const flowsTasks = flowServer('flows-tasks-server.mjs');

interface FlowSettings {
  readonly server: FlowServer;
  readonly kind: BackendKind;
  readonly policy?: string;
  readonly messageBytes?: number;
}

/** The messages of a scene, by the end and the direction they were seen at. */
interface Wires {
  readonly near: Crossed;
  readonly far: Crossed;
}

interface Crossed {
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
}

/** A proxy with a tap before and a tap behind it, so that all that entered and left it can be judged at the end. */
export class FlowScene extends TempHome {
  readonly taps: string;
  readonly near: Command;
  readonly tap: HttpTap | undefined;
  private readonly fixture: HttpFixture | undefined;

  private constructor(settings: FlowSettings, http: { tap: HttpTap; fixture: HttpFixture } | undefined) {
    super();
    this.taps = join(this.base, 'taps');
    mkdirSync(this.taps);
    this.tap = http?.tap;
    this.fixture = http?.fixture;
    const backend =
      http === undefined
        ? tapped(this.taps, 'far', settings.server('stdio'))
        : { transport: settings.kind === 'sse' ? ('sse' as const) : ('http' as const), url: http.tap.url };
    const { policy, messageBytes } = settings;
    this.addProxy('p', {
      backend,
      ...(policy === undefined ? {} : { policy }),
      ...(messageBytes === undefined ? {} : { messageBytes }),
    });
    this.near = tapped(this.taps, 'near', this.startCommand('p'));
  }

  static async open(settings: FlowSettings): Promise<FlowScene> {
    if (settings.kind === 'stdio') return new FlowScene(settings, undefined);
    const fixture = await httpFixture(settings.server(settings.kind));
    return new FlowScene(settings, { fixture, tap: await httpTap(fixture.url) });
  }

  /** Everything that crossed, once every instance has ended. */
  private async wires(): Promise<Wires> {
    await eventually('the end of every instance', () => {
      const events = records(this, 'p').flatMap((record) =>
        record.type === 'session' ? [record.event] : [],
      );
      const count = (event: string): number => events.filter((one) => one === event).length;
      return count('opened') > 0 && count('opened') === count('closed');
    });
    const ends = readTaps(this.taps, 'near').sort((a, b) => a.pid - b.pid);
    await allEnded(ends.map(({ pid }) => pid));
    const near = seenBy(readTaps(this.taps, 'near').sort((a, b) => a.pid - b.pid));
    if (this.tap === undefined) {
      // The near tap started the proxy that started the far tap.
      const far = readTaps(this.taps, 'far');
      return { near, far: seenBy(ends.flatMap((end) => far.filter(({ parent }) => parent === end.child))) };
    }
    const toServer = messagesToServer(this.tap).map((body) => body.toString('latin1'));
    const toClient = messagesToClient(this.tap).map((body) => body.toString('latin1'));
    return { near, far: { toServer, toClient } };
  }

  /** What left the proxy, in either direction, is what the official SDK takes for a message of this revision. */
  async expectValid(revision: string): Promise<Wires> {
    const { near, far } = await this.wires();
    const left = { toServer: far.toServer, toClient: near.toClient };
    const entered = { toServer: near.toServer, toClient: far.toClient };
    expect(sdkVerdict({ revision, left, entered })).toEqual([]);
    return { near, far };
  }

  /**
   * … and nothing was changed, lost or added on the way. Over stdio the order is kept too; over HTTP each message is
   * an exchange of its own, and in the stateless era the end of an exchange says what a cancellation would.
   */
  async expectTransparent(revision: string): Promise<void> {
    const { near, far } = await this.expectValid(revision);
    const inOrder = this.tap === undefined;
    const order = (lines: readonly string[]): readonly string[] => (inOrder ? lines : [...lines].sort());
    const isPosted = (line: string): boolean =>
      inOrder || revision < '2026-07-28' || JSON.parse(line).method !== 'notifications/cancelled';
    expect(order(far.toServer)).toEqual(order(near.toServer.filter(isPosted)));
    const refused = this.tap === undefined ? [] : refusedByStatus(this.tap);
    const isPassedOn = (line: string): boolean => {
      if (refused.length === 0) return true;
      const { method, id } = JSON.parse(line);
      return method !== undefined || !refused.includes(id);
    };
    expect(order(near.toClient.filter(isPassedOn))).toEqual(order(far.toClient));
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.tap?.[Symbol.asyncDispose]();
    await this.fixture?.[Symbol.asyncDispose]();
    await super[Symbol.asyncDispose]();
  }
}

const linesIn = (bytes: Buffer): readonly string[] =>
  bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');

const seenBy = (ends: readonly TapEnd[]): Crossed => ({
  toServer: ends.flatMap((end) => linesIn(end.toServer)),
  toClient: ends.flatMap((end) => linesIn(end.toClient)),
});
