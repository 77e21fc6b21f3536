import { callTRPCProcedure, type TRPCError } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { errorWords } from '../src/access/error-shape.ts';
import type { Caller } from '../src/caller.ts';
import type { ApiContext } from '../src/context.ts';
import { appRouter } from '../src/router/app-router.ts';
import { proxyRouter } from '../src/router/proxy-router.ts';
import { proceduresOf } from './resources/procedures.ts';

/**
 * Who may call what, whole: a procedure that is not here fails the test. `page` is an unlocked page of the dashboard,
 * `socket` a program of the user's.
 */
const access: Readonly<Record<string, 'anyone' | 'page, socket' | 'socket'>> = {
  'access.createCode': 'socket',
  'access.createToken': 'socket',
  'access.lock': 'page, socket',
  'access.prove': 'anyone',
  'access.revoke': 'page, socket',
  'access.revokeToken': 'page, socket',
  'access.sessions': 'page, socket',
  'access.state': 'anyone',
  'access.tokens': 'page, socket',
  'access.unlock': 'anyone',
  'approvals.grants': 'page, socket',
  'approvals.pending': 'page, socket',
  'audit.verify': 'page, socket',
  'audit.verifyLive': 'page, socket',
  'configs.change': 'page, socket',
  'configs.show': 'page, socket',
  'events.live': 'page, socket',
  'history.incidents': 'page, socket',
  'history.lastApproved': 'page, socket',
  'history.readIncidents': 'page, socket',
  'history.rebuild': 'socket',
  'history.record': 'page, socket',
  'history.records': 'page, socket',
  'history.ruleHits': 'page, socket',
  'history.series': 'page, socket',
  'history.state': 'page, socket',
  'manager.metrics': 'page, socket',
  'manager.status': 'page, socket',
  'manager.stop': 'socket',
  'manager.storage': 'page, socket',
  'policies.changeRule': 'page, socket',
  'policies.check': 'page, socket',
  'policies.importNexus': 'page, socket',
  'policies.propose': 'page, socket',
  'policies.read': 'page, socket',
  'policies.replay': 'page, socket',
  'policies.restore': 'page, socket',
  'policies.rules': 'page, socket',
  'policies.save': 'page, socket',
  'policies.schema': 'page, socket',
  'policies.tryCall': 'page, socket',
  'policies.version': 'page, socket',
  'policies.versions': 'page, socket',
  'proxies.askToConfirm': 'page, socket',
  'proxies.check': 'page, socket',
  'proxies.create': 'page, socket',
  'proxies.get': 'page, socket',
  'proxies.launch': 'page, socket',
  'proxies.list': 'page, socket',
  'proxies.reloadAll': 'page, socket',
  'proxies.snippet': 'page, socket',
  'proxies.templates': 'page, socket',
  'proxies.totals': 'page, socket',
  'proxy.answer': 'page, socket',
  'proxy.approval': 'page, socket',
  'proxy.approvalArguments': 'page, socket',
  'proxy.approvals': 'page, socket',
  'proxy.config': 'page, socket',
  'proxy.denyAll': 'page, socket',
  'proxy.events': 'page, socket',
  'proxy.grants': 'page, socket',
  'proxy.mute': 'page, socket',
  'proxy.reload': 'page, socket',
  'proxy.revokeGrant': 'page, socket',
  'proxy.status': 'page, socket',
  'registry.join': 'socket',
};

const callers: readonly Caller[] = [
  { kind: 'anonymous' },
  { kind: 'page', session: 'session' },
  { kind: 'socket' },
];

/** Ports that tell when one is reached. */
function watchedPorts(reached: string[], path = ''): never {
  return new Proxy(() => undefined, {
    get: (_target, name) => (typeof name === 'string' ? watchedPorts(reached, `${path}.${name}`) : undefined),
    apply: () => {
      reached.push(path);
      throw new Error('reached');
    },
  }) as never;
}

/** How far a call comes: refused with a code, or past the check of who calls. */
async function call(path: string, caller: Caller, reached: string[]): Promise<string> {
  const procedure = proceduresOf(appRouter).find((candidate) => candidate.path === path);
  const ctx: ApiContext = {
    caller,
    connection: { drained: () => Promise.resolve(), enter: () => () => undefined },
    live: { at: 'elsewhere', forward: watchedPorts(reached) },
    manager: watchedPorts(reached),
  };
  try {
    await callTRPCProcedure({
      router: appRouter,
      path,
      ctx,
      type: procedure?.kind ?? 'query',
      getRawInput: async () => (procedure?.meta.only === undefined ? {} : undefined),
      signal: undefined,
      batchIndex: 0,
    });
    return 'let in';
  } catch (error) {
    const { code } = errorWords(error as TRPCError);
    return code === 'locked' || code === 'not_permitted' ? code : 'let in';
  }
}

describe('who may call what', () => {
  it('[API-ACCESS] is said of every procedure', () => {
    expect(proceduresOf(appRouter).map(({ path }) => path)).toEqual(Object.keys(access));
    expect(proceduresOf(proxyRouter).every(({ path }) => access[path] === 'page, socket')).toBe(true);
  });

  const cases = Object.entries(access).flatMap(([path, who]) =>
    callers.map((caller) => ({ path, who, caller, kind: caller.kind })),
  );
  it.each(cases)('[API-ACCESS] $path, called by $kind', async ({ path, who, caller }) => {
    const reached: string[] = [];
    const came = await call(path, caller, reached);
    const may = who === 'anyone' || who.split(', ').includes(caller.kind);
    if (may) return expect(came).toBe('let in');
    expect(came).toBe(caller.kind === 'anonymous' ? 'locked' : 'not_permitted');
    // Refused before anything was looked at.
    expect(reached).toEqual([]);
  });

  it('[API-ACCESS] tells an anonymous caller nothing but that it is locked', async () => {
    const reached: string[] = [];
    const ctx: ApiContext = {
      caller: { kind: 'anonymous' },
      connection: { drained: () => Promise.resolve(), enter: () => () => undefined },
      live: { at: 'elsewhere', forward: watchedPorts(reached) },
      manager: watchedPorts(reached),
    };
    const state = await appRouter.createCaller(ctx).access.state();
    expect(state).toEqual({ unlocked: false });
    expect(reached).toEqual([]);
  });
});
