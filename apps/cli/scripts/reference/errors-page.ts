import { AcpError, type ErrorCode, errorTable } from '@mcp-acp/shared/errors';
import { code, markdownTable, page } from './markdown.ts';

export const errorsPage = (): string =>
  page(
    'Errors',
    'Every failure has a stable code. `exit` is the exit code of a program that ends with it, `JSON-RPC` the error code where a request of the MCP wire is answered with it, `HTTP` the status of an answer of the manager’s API. Messages may change; codes do not.',
    markdownTable(
      ['Code', 'Exit', 'JSON-RPC', 'HTTP', 'Meaning'],
      (Object.keys(errorTable) as ErrorCode[]).map((name) => {
        const { exit, rpc, title } = errorTable[name];
        return [code(name), String(exit), String(rpc), String(new AcpError(name).httpStatus), title];
      }),
    ),
  );
