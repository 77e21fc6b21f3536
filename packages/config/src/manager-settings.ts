import { isAbsolute } from 'node:path';
import type { SettingsFile } from './setting.ts';

/** `manager.json`. A file that does not exist means every default. */
export const managerSettings: SettingsFile = {
  title: 'manager.json',
  format: 1,
  restart: 'manager',
  optionalGroups: [],
  settings: [
    {
      key: 'port',
      type: { kind: 'integer', least: 1, most: 65_535 },
      default: 8765,
      description: 'Where the dashboard listens, on 127.0.0.1 alone.',
      example: 8765,
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
    },
    {
      key: 'autoStart',
      type: { kind: 'boolean' },
      default: true,
      description: 'Whether the first proxy that finds no manager starts it.',
      example: false,
    },
    {
      key: 'idleExit',
      type: { kind: 'integer', least: 0, most: 10_080, unit: 'minutes' },
      default: 30,
      description: 'After how long without proxies and pages the manager ends; 0 never.',
      example: 60,
    },
    {
      key: 'openBrowser',
      type: { kind: 'boolean' },
      default: true,
      description: 'Whether the dashboard may be opened in the browser by itself.',
      example: false,
    },
    {
      key: 'notifications',
      type: { kind: 'boolean' },
      default: true,
      description: 'Whether a call that waits for a person raises a notification of the system.',
      example: false,
    },
  ],
};
