import { userInfo } from 'node:os';
import { localUser } from '@mcp-acp/identity/local-user';
import { expect, it } from 'vitest';

it('is the user the process runs as', () => {
  expect(localUser().current()).toEqual({ id: `local:${userInfo().username}`, kind: 'local' });
});
