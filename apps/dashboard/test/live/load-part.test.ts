import { expect, it, vi } from 'vitest';
import { loadPart } from '../../src/live/load-part.ts';

function connection(isLost: boolean) {
  const listeners = new Set<() => void>();
  return {
    isLost: () => isLost,
    watch: (tell: () => void) => {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    become: (lost: boolean): void => {
      isLost = lost;
      for (const tell of [...listeners]) tell();
    },
    get listeners() {
      return listeners.size;
    },
  };
}

it('a part that is wanted while the connection is lost is asked for once it is back', async () => {
  const at = connection(true);
  const load = vi.fn(async () => 'part');
  const loaded = loadPart(load, at);
  await Promise.resolve();
  expect(load).not.toHaveBeenCalled();
  at.become(false);
  expect(await loaded).toBe('part');
  expect(load).toHaveBeenCalledTimes(1);
  expect(at.listeners).toBe(0);
});

it('a part whose script never came, as the connection went, is asked for again', async () => {
  const at = connection(false);
  const never = new Promise<string>(() => undefined);
  const load = vi.fn<() => Promise<string>>().mockReturnValueOnce(never).mockResolvedValue('part');
  const loaded = loadPart(load, at);
  at.become(true);
  at.become(false);
  expect(await loaded).toBe('part');
  expect(load).toHaveBeenCalledTimes(2);
});

it('a part that failed just before the connection is known to be lost is asked for again; one that fails on is said to', async () => {
  vi.useFakeTimers();
  try {
    const at = connection(false);
    const load = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new Error('no script'))
      .mockResolvedValue('part');
    const loaded = loadPart(load, at);
    await vi.advanceTimersByTimeAsync(100);
    at.become(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(load).toHaveBeenCalledTimes(1);
    at.become(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(await loaded).toBe('part');

    const broken = loadPart(() => Promise.reject(new Error('no such script')), at);
    const said = expect(broken).rejects.toThrow('no such script');
    await vi.advanceTimersByTimeAsync(60_000);
    await said;
    expect(at.listeners).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
