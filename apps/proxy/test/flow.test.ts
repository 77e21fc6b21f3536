import type { End } from '@mcp-acp/mcp/end';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFlow } from '../src/flow.ts';

/** An end that takes what it is given, is full when it is told so, and counts how often it was stopped and let go. */
function fakeEnd() {
  const nothing = () => undefined;
  const state = { isFull: false, isPaused: false, resumed: 0 };
  const end: End = {
    start: nothing,
    send: () => !state.isFull,
    pause: () => {
      state.isPaused = true;
    },
    resume: () => {
      state.isPaused = false;
      state.resumed++;
    },
    endSending: nothing,
  };
  return { end, state };
}

function twoEnds() {
  const client = fakeEnd();
  const server = fakeEnd();
  const flow = createFlow({ client: client.end, server: server.end });
  const line = [Buffer.from('{}')];
  return {
    client: client.state,
    server: server.state,
    fill: (peer: 'client' | 'server') => {
      (peer === 'client' ? client : server).state.isFull = true;
      flow.transmit[peer](line);
    },
    drain: (peer: 'client' | 'server') => {
      (peer === 'client' ? client : server).state.isFull = false;
      flow.drained[peer]();
    },
    transmit: flow.transmit,
    paused: () => ({ client: client.state.isPaused, server: server.state.isPaused }),
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate'] }));
afterEach(() => void vi.useRealTimers());

describe('lines that wait', () => {
  it('[BACKEND-STALLED] for the server stop the client alone: the server may be writing', () => {
    const { fill, drain, paused } = twoEnds();
    fill('server');
    expect(paused()).toEqual({ client: true, server: false });
    drain('server');
    expect(paused()).toEqual({ client: false, server: false });
  });

  it('[CLIENT-STALLED] for the client stop the server alone: the client may be writing', () => {
    const { fill, drain, paused } = twoEnds();
    fill('client');
    expect(paused()).toEqual({ client: false, server: true });
    drain('client');
    expect(paused()).toEqual({ client: false, server: false });
  });

  it('[BACKEND-STALLED] for both stop both, and each that drains lets go of the other one alone', () => {
    const { fill, drain, paused } = twoEnds();
    fill('server');
    fill('client');
    expect(paused()).toEqual({ client: true, server: true });
    drain('server');
    expect(paused()).toEqual({ client: false, server: true });
    fill('server');
    drain('client');
    expect(paused()).toEqual({ client: true, server: false });
    drain('server');
    expect(paused()).toEqual({ client: false, server: false });
  });

  it.each(['client', 'server'] as const)(
    '[CLIENT-STALLED][BACKEND-STALLED] and do not end stop the %s that does not read its refusals, too',
    (peer) => {
      const { fill, drain, paused, transmit } = twoEnds();
      fill(peer);
      const block = Buffer.alloc(1024 * 1024);
      for (let sent = 0; sent < 65; sent++) transmit[peer]([block]);
      expect(paused()).toEqual({ client: true, server: true });
      drain(peer);
      expect(paused()).toEqual({ client: false, server: false });
    },
  );

  it('that have left change nothing where none waited', () => {
    const { drain, client, server } = twoEnds();
    drain('client');
    drain('server');
    expect([client.resumed, server.resumed]).toEqual([0, 0]);
  });
});

describe('a client that is not read', () => {
  it('[CLIENT-GONE] is looked at now and then, and stays paused', () => {
    const { fill, client, paused } = twoEnds();
    fill('server');
    for (let look = 1; look <= 30; look++) {
      vi.advanceTimersToNextTimer();
      expect([client.resumed, client.isPaused]).toEqual([look, false]);
      vi.advanceTimersToNextTimer();
      expect(paused()).toEqual({ client: true, server: false });
    }
  });

  it('is read again where its server has drained during a look', () => {
    const { fill, drain, paused } = twoEnds();
    fill('server');
    vi.advanceTimersToNextTimer();
    drain('server');
    vi.runAllTimers();
    expect(paused()).toEqual({ client: false, server: false });
    expect(vi.getTimerCount()).toBe(0);
  });
});
