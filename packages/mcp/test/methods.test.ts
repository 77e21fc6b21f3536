import { classOf, notificationStanding } from '@mcp-acp/mcp/classify-method';
import type { RequestMessage, ResponseMessage } from '@mcp-acp/mcp/message';
import { methodRow, revisionNamed, revisions } from '@mcp-acp/mcp/revisions/revision-table';
import { createSession } from '@mcp-acp/mcp/session';
import { checkMessage } from '@mcp-acp/mcp/strict/check-message';
import type { Sender } from '@mcp-acp/shared/journal-record';
import { describe, expect, it } from 'vitest';

const message = (value: object) => checkMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...value })));
const request = (method: string, params: object = {}) => message({ id: 1, method, params }) as RequestMessage;

it('[METHOD-CLASSES] a method means the same in every revision that has it', () => {
  for (const { methods } of revisions) {
    for (const [method, { kind, class: of }] of Object.entries(methods)) {
      expect(methodRow(method), method).toMatchObject({ kind, class: of });
    }
  }
});

describe('[METHOD-CLASSES] classes', () => {
  it.each<[string, Sender, string]>([
    ['initialize', 'client', 'discovery'],
    ['server/discover', 'client', 'discovery'],
    ['tools/list', 'client', 'discovery'],
    ['ping', 'server', 'discovery'],
    ['tasks/get', 'client', 'discovery'],
    ['tasks/get', 'server', 'discovery'],
    ['resources/unsubscribe', 'client', 'discovery'],
    ['tools/call', 'client', 'access'],
    ['resources/read', 'client', 'access'],
    ['resources/subscribe', 'client', 'access'],
    ['prompts/get', 'client', 'access'],
    ['sampling/createMessage', 'server', 'access'],
    ['elicitation/create', 'server', 'access'],
    ['roots/list', 'server', 'access'],
    // From the wrong side, unknown, or a notification's name with an id.
    ['tools/list', 'server', 'access'],
    ['initialize', 'server', 'access'],
    ['tools/Call', 'client', 'access'],
    ['notifications/initialized', 'client', 'access'],
    ['toString', 'client', 'access'],
    ['__proto__', 'client', 'access'],
  ])('%s from the %s is %s', (method, from, expected) => {
    expect(classOf(request(method), from)).toBe(expected);
  });

  it.each([
    [{}, 'discovery'],
    [{ notifications: { toolsListChanged: true } }, 'discovery'],
    [{ notifications: { resourceSubscriptions: [] } }, 'discovery'],
    [{ notifications: { resourceSubscriptions: ['file:///a'] } }, 'access'],
    [{ notifications: { resourceSubscriptions: 'file:///a' } }, 'access'],
    [{ notifications: 'all' }, 'access'],
  ])('subscriptions/listen with %o is %s', (params, expected) => {
    expect(classOf(request('subscriptions/listen', params), 'client')).toBe(expected);
  });

  it('a request without an id is not a notification', () => {
    expect(notificationStanding('notifications/initialized')).toBe('notification');
    expect(notificationStanding('notifications/of-an-extension')).toBe('notification');
    expect(notificationStanding('tools/call')).toBe('request');
    expect(notificationStanding('custom')).toBe('unknown');
  });
});

describe('[BOTH-ERAS] the session is read from what passes', () => {
  const clientInfo = { name: 'agent', version: '3' };

  it('stateful: the revision is the one the server names', () => {
    const session = createSession();
    expect(session.sawRequest(request('initialize', { protocolVersion: '2025-11-25', clientInfo }))).toBe(
      true,
    );
    expect(session.state()).toMatchObject({ era: 'stateful', revision: undefined, client: clientInfo });
    const answer = message({ id: 1, result: { protocolVersion: '2025-03-26', serverInfo: { name: 's' } } });
    session.sawInitializeResult(answer as ResponseMessage);
    expect(session.state()).toMatchObject({ revision: '2025-03-26', server: { name: 's' } });
    expect(session.allowsBatches()).toBe(true);
    expect(session.sawRequest(request('tools/list'))).toBe(false);
  });

  it('stateless: each request carries its own envelope', () => {
    const session = createSession();
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': clientInfo,
    };
    expect(session.sawRequest(request('tools/list', { _meta }))).toBe(true);
    expect(session.sawRequest(request('tools/list', { _meta }))).toBe(false);
    expect(session.state()).toMatchObject({ era: 'stateless', revision: '2026-07-28', client: clientInfo });
    expect(session.allowsBatches()).toBe(false);
  });

  it('a client that falls back changes the era with its next message', () => {
    const session = createSession();
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
    session.sawRequest(request('server/discover', { _meta }));
    session.sawRequest(request('initialize', { protocolVersion: '2025-11-25', clientInfo }));
    expect(session.state().era).toBe('stateful');
  });

  it('only 2025-03-26 has batches', () => {
    expect(revisions.filter(({ batches }) => batches).map(({ name }) => name)).toEqual(['2025-03-26']);
    expect(revisionNamed('2027-01-01')).toBeUndefined();
  });
});
