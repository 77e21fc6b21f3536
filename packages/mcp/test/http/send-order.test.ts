import { createSendOrder, type Turn, type Waiting } from '@mcp-acp/mcp/http/send-order';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** What is added by name, and which of it has begun, in order. */
function stage(maxRequests = 100) {
  const order = createSendOrder(maxRequests);
  const begun: string[] = [];
  const turns = new Map<string, Turn>();
  const items = new Map<string, Waiting>();
  return {
    order,
    begun,
    turn: (name: string): Turn => turns.get(name) as Turn,
    item: (name: string): Waiting => items.get(name) as Waiting,
    add: (kind: Waiting['kind'], name: string): void => {
      const item: Waiting = {
        kind,
        start: (turn) => {
          begun.push(name);
          turns.set(name, turn);
        },
      };
      items.set(name, item);
      order.add(item);
    },
  };
}

describe('the order in which messages are posted', () => {
  test('requests run beside each other, up to a limit', () => {
    const { add, begun, turn } = stage(2);
    for (const name of ['a', 'b', 'c', 'd']) add('request', name);
    expect(begun).toEqual(['a', 'b']);
    turn('a').sent();
    expect(begun).toEqual(['a', 'b']);
    turn('b').over();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  test('nothing begins before a handshake is over', () => {
    const { add, begun, turn } = stage();
    add('handshake', 'initialize');
    add('handshake', 'initialized');
    add('request', 'call');
    turn('initialize').sent();
    expect(begun).toEqual(['initialize']);
    turn('initialize').over();
    expect(begun).toEqual(['initialize', 'initialized']);
    turn('initialized').sent();
    expect(begun).toHaveLength(2);
    turn('initialized').over();
    expect(begun).toEqual(['initialize', 'initialized', 'call']);
  });

  test('what follows a notification waits until that is on its way, and no longer', () => {
    const { add, begun, turn } = stage();
    add('notification', 'cancelled');
    add('request', 'call');
    expect(begun).toEqual(['cancelled']);
    turn('cancelled').sent();
    expect(begun).toEqual(['cancelled', 'call']);
  });

  test('a notification does not overtake a request that is not on its way', () => {
    const { add, begun, turn } = stage();
    add('request', 'call');
    add('notification', 'cancelled');
    expect(begun).toEqual(['call']);
    turn('call').sent();
    expect(begun).toEqual(['call', 'cancelled']);
  });

  test('but it passes requests for which there is no room', () => {
    const { add, begun, turn } = stage(1);
    add('request', 'running');
    turn('running').sent();
    add('request', 'waiting');
    add('notification', 'cancelled');
    expect(begun).toEqual(['running', 'cancelled']);
  });

  test('what has not begun can be taken back', () => {
    const { add, begun, turn, order, item } = stage(1);
    add('request', 'a');
    add('request', 'b');
    expect(order.remove(item('a'))).toBe(false);
    expect(order.remove(item('b'))).toBe(true);
    turn('a').over();
    expect(begun).toEqual(['a']);
  });

  test('while it is held nothing begins', () => {
    const { add, begun, order } = stage();
    const release = order.hold();
    add('request', 'a');
    expect(begun).toEqual([]);
    release();
    expect(begun).toEqual(['a']);
  });

  test('whatever ends in whatever order, everything begins in the end, notifications alone, requests within the limit', () => {
    const kinds = fc.constantFrom<Waiting['kind']>(
      'request',
      'request',
      'request',
      'notification',
      'handshake',
    );
    fc.assert(
      fc.property(
        fc.array(kinds, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat()),
        (all, max, picks) => {
          const { add, begun, turn } = stage(max);
          for (const [index, kind] of all.entries()) add(kind, `${kind}-${index}`);
          const live: { name: string; next: (keyof Turn)[] }[] = [];
          let known = 0;
          const look = (): void => {
            for (; known < begun.length; known++) {
              const name = begun[known] as string;
              live.push({ name, next: ['sent', 'over'] });
            }
            expect(live.filter(({ name }) => !name.startsWith('notification')).length).toBeLessThanOrEqual(
              max,
            );
          };
          for (look(); live.length > 0; look()) {
            const at = (picks.next().value as number) % live.length;
            const one = live[at] as (typeof live)[number];
            turn(one.name)[one.next.shift() as keyof Turn]();
            if (one.next.length === 0) live.splice(at, 1);
          }
          expect(begun.toSorted()).toEqual(all.map((kind, index) => `${kind}-${index}`).toSorted());
        },
      ),
    );
  });
});
