import { type AskedInstance, askToReload } from '@mcp-acp/admin/instances';
import type { SavedPolicy } from '@mcp-acp/admin/policies';
import type { Cli } from '../../cli.ts';
import type { Answer } from '../../command-spec.ts';

/** Asks running instances to take a saved policy and says what was done. */
export function afterSave(cli: Cli, name: string, saved: SavedPolicy): Answer {
  if (!saved.changed) {
    return {
      data: { proxy: name, changed: false, version: versionData(saved) },
      text: ['Nothing changed.'],
    };
  }
  const asked = askToReload(cli.paths(), name);
  return {
    data: {
      proxy: name,
      changed: true,
      version: versionData(saved),
      rules: saved.rules,
      ...(saved.loosening === undefined ? {} : { loosening: saved.loosening }),
      instances: asked,
    },
    text: [
      `Saved version ${saved.version.number} of the policy of "${name}"${saved.rules.length === 0 ? '' : `; changed: ${saved.rules.join(', ')}`}.`,
      ...(saved.loosening
        ? [cli.style.yellow('It allows more than before; saving it here confirms it.')]
        : []),
      ...reloadLines(asked),
    ],
  };
}

const versionData = ({ version }: SavedPolicy) => ({ number: version.number, digest: version.digest });

export const reloadLines = (asked: readonly AskedInstance[]): readonly string[] =>
  asked.map(({ instance, pid, problem }) =>
    problem === undefined
      ? `Asked ${instance} (pid ${pid}) to reload.`
      : `Could not ask ${instance} (pid ${pid}): ${problem}.`,
  );
