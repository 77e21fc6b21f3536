import { isAbsolute } from 'node:path';
import type { SettingsFile } from './setting.ts';
import { telemetryUrlProblem } from './telemetry-url.ts';

const nextProxyStart = 'Takes effect at the next start of each proxy.';

/** `manager.json`. A file that does not exist means every default. */
export const managerSettings: SettingsFile = {
  title: 'manager.json',
  format: 1,
  restart: 'manager',
  optionalGroups: ['retention', 'telemetry'],
  settings: [
    {
      key: 'port',
      type: { kind: 'integer', least: 1, most: 65_535 },
      default: 8765,
      description: 'Where the dashboard listens, on 127.0.0.1 alone.',
      example: 8765,
      forPages: true,
    },
    {
      key: 'logDir',
      type: {
        kind: 'text',
        says: 'an absolute path',
        problem: (text) => (isAbsolute(text) ? undefined : 'It must be an absolute path.'),
      },
      description:
        'Where logs and journals go instead of `logs/` in the home. Proxies see it at their next start.',
      example: '/var/log/mcp-acp',
      takesEffect: `${nextProxyStart} Journals that exist stay where they are and are not seen from here any more.`,
      effectAt: 'client_restart',
    },
    {
      key: 'autoStart',
      type: { kind: 'boolean' },
      default: true,
      description: 'Whether the first proxy that finds no manager starts it.',
      example: false,
      forPages: true,
      takesEffect: nextProxyStart,
      effectAt: 'client_restart',
    },
    {
      key: 'idleExit',
      type: { kind: 'integer', least: 0, most: 10_080, unit: 'minutes' },
      default: 30,
      description: 'After how long without proxies, pages and commands the manager ends; 0 never.',
      example: 60,
      forPages: true,
    },
    {
      key: 'openBrowser',
      type: { kind: 'boolean' },
      default: true,
      description: 'Whether the dashboard may be opened in the browser by itself.',
      example: false,
      forPages: true,
    },
    {
      key: 'notifications',
      type: { kind: 'boolean' },
      default: true,
      description:
        'Whether what a person should know at once, such as that the manager is gone or that a call waits for them, raises a notification of the system.',
      example: false,
      forPages: true,
    },
    {
      key: 'retention.days',
      type: { kind: 'integer', least: 1, most: 36_500, unit: 'days' },
      default: 90,
      description:
        'How long the history keeps what journals said. The journals themselves are kept until you delete them.',
      example: 365,
      forPages: true,
    },
    {
      key: 'retention.megabytes',
      type: { kind: 'integer', least: 16, most: 1_048_576, unit: 'megabytes' },
      default: 1024,
      description: 'How large the history may grow before its oldest days go.',
      example: 4096,
      forPages: true,
    },
    {
      key: 'telemetry.otlpEndpoint',
      type: { kind: 'text', says: 'an http or https URL', problem: telemetryUrlProblem },
      description:
        "Where proxies send traces (OTLP over HTTP, `/v1/traces` is added). The standard variable `OTEL_EXPORTER_OTLP_ENDPOINT` of a proxy's environment comes before it. Without either there are none.",
      example: 'http://127.0.0.1:4318',
      takesEffect: nextProxyStart,
      effectAt: 'client_restart',
    },
  ],
};
