import { errorTable } from '@mcp-acp/shared/errors';
import { code, markdownTable, page } from './markdown.ts';

export const errorsPage = (): string =>
  page(
    'Errors',
    'Every failure has a stable code. `exit` is the exit code of a program that ends with it, `JSON-RPC` the error code where a request of the MCP wire is answered with it. Messages may change; codes do not.',
    markdownTable(
      ['Code', 'Exit', 'JSON-RPC', 'Meaning'],
      Object.entries(errorTable).map(([name, { exit, rpc, title }]) => [
        code(name),
        String(exit),
        String(rpc),
        title,
      ]),
    ),
  );
