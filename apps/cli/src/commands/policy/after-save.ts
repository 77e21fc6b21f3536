import type { SavedPolicy } from '@mcp-acp/admin/policies';
import type { Cli } from '../../cli.ts';
import type { Answer } from '../../command-spec.ts';
import { reloadInstances, reloadLines } from '../../live/reload-instances.ts';

/** Asks running instances to take a saved policy and says what was done. */
export async function afterSave(cli: Cli, name: string, saved: SavedPolicy): Promise<Answer> {
  if (!saved.changed) {
    return {
      data: { proxy: name, changed: false, version: versionData(saved) },
      text: ['Nothing changed.'],
    };
  }
  const instances = await reloadInstances(cli.paths(), name);
  return {
    data: {
      proxy: name,
      changed: true,
      version: versionData(saved),
      rules: saved.rules,
      ...(saved.loosening === undefined ? {} : { loosening: saved.loosening }),
      instances,
    },
    text: [
      `Saved version ${saved.version.number} of the policy of "${name}"${saved.rules.length === 0 ? '' : `; changed: ${saved.rules.join(', ')}`}.`,
      ...(saved.loosening
        ? [cli.style.yellow('It allows more than before; saving it here confirms it.')]
        : []),
      ...reloadLines(instances),
    ],
  };
}

const versionData = ({ version }: SavedPolicy) => ({ number: version.number, digest: version.digest });
