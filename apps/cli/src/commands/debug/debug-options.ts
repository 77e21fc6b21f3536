import { AcpError } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import { chooseProxy } from '../../choose-proxy.ts';
import type { Cli } from '../../cli.ts';
import { type Input, type OptionSpec, proxyOption } from '../../command-spec.ts';
import type { Era } from '../../speak/conversation.ts';

export const debugOptions: readonly OptionSpec[] = [
  proxyOption,
  { flags: '--direct', description: 'straight to the backend: no policy, no record' },
  { flags: '--trace', description: 'print every message as it goes over the wire' },
  {
    flags: '--era <era>',
    description: 'how to speak: with a handshake, or with an envelope in each request (default: stateful)',
    choices: ['stateful', 'stateless'],
  },
  { flags: '--timeout <seconds>', description: 'longest silence on a request (default: 60)' },
];

/** What was asked for, before anything is started. */
export interface DebugRun {
  readonly proxy: string;
  readonly direct: boolean;
  readonly era: Era;
  readonly timeoutMs: number;
  readonly trace: boolean;
}

/** Throws AcpError('usage' | 'proxy_unknown'). */
export function debugRun(cli: Cli, input: Input): DebugRun {
  const seconds = input.option('timeout') ?? '60';
  if (!/^[0-9]{1,6}$/.test(seconds) || Number(seconds) === 0) {
    throw new AcpError('usage', `--timeout takes whole seconds, not "${visible(seconds, 40)}".`);
  }
  return {
    proxy: chooseProxy(cli.paths(), input.option('proxy')),
    direct: input.flag('direct'),
    era: input.option('era') === 'stateless' ? 'stateless' : 'stateful',
    timeoutMs: Number(seconds) * 1000,
    trace: input.flag('trace'),
  };
}
