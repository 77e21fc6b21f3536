import { isProxyId } from '@mcp-acp/shared/ids';
import { limits } from '@mcp-acp/shared/limits';
import { backendSettings } from './backend-settings.ts';
import { headersGivenTwice } from './header-rules.ts';
import type { SettingsFile } from './setting.ts';

const atOnce = 'Running instances take it at once.';

/** `proxies/<name>/config.json`. */
export const proxySettings: SettingsFile = {
  title: 'config.json of a proxy',
  format: 1,
  restart: 'client',
  optionalGroups: ['approvals', 'limits', 'limits.rate', 'audit'],
  problemsBetween: headersGivenTwice,
  settings: [
    {
      key: 'id',
      type: {
        kind: 'text',
        says: '"px_" and 16 characters',
        problem: (text) => (isProxyId(text) ? undefined : 'It is "px_" and 16 of a-z and 2-7.'),
      },
      required: true,
      fixed: true,
      description: "The proxy's identity in its journal. Made once, never changed.",
      example: 'px_abcdefghijklmnop',
    },
    {
      key: 'enabled',
      type: { kind: 'boolean' },
      default: true,
      description:
        '`false` switches the proxy off: it does not start, and running instances refuse every request with the reason.',
      example: false,
      takesEffect: atOnce,
      effectAt: 'at_once',
      forPages: true,
    },
    ...backendSettings,
    {
      key: 'approvals.holdMs',
      type: { kind: 'integer', least: 1000, most: 3_600_000, unit: 'milliseconds' },
      default: 45_000,
      description:
        'How long a call waits for a person before the agent is told to try again. Common clients give up after 60 seconds.',
      example: 30_000,
      takesEffect: atOnce,
      effectAt: 'at_once',
      forPages: true,
    },
    {
      key: 'approvals.openMs',
      type: { kind: 'integer', least: 1000, most: 86_400_000, unit: 'milliseconds' },
      default: 600_000,
      description:
        'How long a question can still be answered after that; a yes is then good for the next attempt of the same call.',
      example: 1_800_000,
      takesEffect: atOnce,
      effectAt: 'at_once',
      forPages: true,
    },
    {
      key: 'limits.messageBytes',
      type: { kind: 'integer', least: 1024, most: 256 * 1024 * 1024, unit: 'bytes' },
      default: limits.messageBytes,
      description: 'The longest message accepted from either side.',
      example: 33_554_432,
      forPages: true,
    },
    {
      key: 'limits.rate.calls',
      type: { kind: 'integer', least: 1, most: 1_000_000 },
      required: true,
      description:
        'How many access requests may run in one window. There is no rate limit without `limits.rate`.',
      example: 60,
      takesEffect: atOnce,
      effectAt: 'at_once',
      forPages: true,
    },
    {
      key: 'limits.rate.perMs',
      type: { kind: 'integer', least: 1, most: 86_400_000, unit: 'milliseconds' },
      default: 60_000,
      description: "The window's length.",
      example: 60_000,
      takesEffect: atOnce,
      effectAt: 'at_once',
      forPages: true,
    },
    {
      key: 'limits.rate.effect',
      type: { kind: 'choice', values: ['ask', 'deny'] },
      default: 'deny',
      description: 'What happens to a request over the limit.',
      example: 'ask',
      takesEffect: atOnce,
      effectAt: 'at_once',
      forPages: true,
    },
    {
      key: 'logLevel',
      type: { kind: 'choice', values: ['info', 'debug'] },
      default: 'info',
      description: '`debug` also writes both wires, redacted and bounded, to `debug/`.',
      example: 'debug',
      forPages: true,
    },
    {
      key: 'audit.durability',
      type: { kind: 'choice', values: ['sync', 'flush'] },
      default: 'sync',
      description:
        '`sync` puts every intent on the disk before its call is sent; `flush` hands it to the operating system, so a power failure can take the last records.',
      example: 'sync',
    },
    {
      key: 'audit.payloads',
      type: { kind: 'choice', values: ['arguments', 'full', 'none'] },
      default: 'arguments',
      description:
        'What is kept of a call beside the journal, redacted: its arguments (up to 8 KiB), arguments and results (up to 1 MiB), or nothing.',
      example: 'none',
    },
  ],
};
