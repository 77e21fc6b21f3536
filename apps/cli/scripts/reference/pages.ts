import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { managerSettings } from '@mcp-acp/config/manager-settings';
import { proxySettings } from '@mcp-acp/config/proxy-settings';
import { settingsSchema } from '@mcp-acp/config/settings-schema';
import { policySchema } from '@mcp-acp/policy/policy-schema';
import { cliPage } from './cli-page.ts';
import { configPage } from './config-page.ts';
import { errorsPage } from './errors-page.ts';
import { policyPage } from './policy-page.ts';

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Laid out as the formatter of the repository wants every JSON file. */
const json = (value: unknown): string =>
  execFileSync(process.execPath, [biome, 'format', '--stdin-file-path=docs/reference/schema.json'], {
    input: JSON.stringify(value, null, 2),
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('../../../../', import.meta.url)),
  });

/** Every file of docs/reference and what it must hold. */
export const referencePages = (): Readonly<Record<string, string>> => ({
  'cli.md': cliPage(),
  'config.md': configPage(),
  'config.schema.json': json(settingsSchema(proxySettings)),
  'errors.md': errorsPage(),
  'manager.schema.json': json(settingsSchema(managerSettings)),
  'policy.md': policyPage(),
  'policy.schema.json': json(policySchema),
});
