import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../resources/command-line.ts';
import { filesystemServer } from '../resources/fixtures.ts';
import type { TempHome } from '../resources/temp-home.ts';
import { claim, type Transcript } from './transcript.ts';

export const proxyName = 'files';

const demoPolicy = (project: string): string => `version: 1
rules:
  - id: read-project
    effect: allow            # reading inside the project is fine
    when: { tool_name: ["read_*", "list_*"], path_pattern: "${project}/**" }
  - id: no-secrets
    effect: deny             # but never files that hold secrets
    when: { path_pattern: "**/.env*" }
  - id: writes
    effect: ask              # a person decides about every change
    when: { operations: [write, delete] }
`;

/** A temporary home and project, the real filesystem server behind a proxy, and a policy. */
export async function setScene(home: TempHome, transcript: Transcript): Promise<void> {
  mkdirSync(join(home.project, 'src'));
  writeFileSync(join(home.project, 'notes.md'), 'Ship on Friday.\n');
  writeFileSync(join(home.project, '.env'), 'API_KEY=do-not-show-this\n');

  transcript.heading('A proxy in front of a real MCP server');
  const [node, script] = filesystemServer(home.project);
  transcript.command(`mcp-acp proxy add ${proxyName} -- mcp-server-filesystem ${home.project}`);
  const added = await runCommand(home, [
    'proxy',
    'add',
    proxyName,
    '--template',
    'strict',
    '--yes',
    '--',
    node,
    script ?? '',
    home.project,
  ]);
  claim(added.code === 0, `proxy add ended with ${added.code}: ${added.stderr}`);
  const [server = '', tools = ''] = added.stdout.split('\n');
  transcript.quote(`${server}\n${tools}`);

  transcript.heading('A policy: what is not allowed is denied, deny beats ask beats allow');
  home.write(home.paths.policy(proxyName), demoPolicy(home.project));
  transcript.quote(demoPolicy(home.project));
  const checked = await runCommand(home, ['policy', 'check', '--proxy', proxyName]);
  transcript.command(`mcp-acp policy check --proxy ${proxyName}`);
  transcript.quote(checked.stdout);
  claim(checked.code === 0, `policy check ended with ${checked.code}: ${checked.stderr}`);
}
