import type { Actor } from '@mcp-acp/admin/actor';
import {
  policyHistory,
  policyVersionText,
  readPolicy,
  restorePolicy,
  type SavedPolicy,
  savePolicy,
} from '@mcp-acp/admin/policies';
import type { FilesPort, PolicySaved } from '@mcp-acp/api/ports/files';
import type { ReloadPort } from '@mcp-acp/api/ports/reload';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { readProxyConfigText } from '@mcp-acp/config/proxy-config';
import { checkPolicy } from '@mcp-acp/policy/check-policy';
import type { IncidentReport } from '../history/incident-report.ts';
import { createConfigServices } from './config-services.ts';
import { createVerifyServices } from './verify-services.ts';

export interface FileServicesOptions {
  readonly paths: HomePaths;
  readonly actor: () => Actor;
  readonly reload: ReloadPort;
  /** A journal was found to say something else than it did. */
  readonly tampered: IncidentReport['tampered'];
}

/** The file services as the API has them: what they change, running instances read at once. */
export function createFileServices({ paths, actor, reload, tampered }: FileServicesOptions): FilesPort {
  const saved = async (proxy: string, result: SavedPolicy, request: string): Promise<PolicySaved> => ({
    version: result.version.number,
    digest: result.version.digest,
    changed: result.changed,
    ...(result.loosening === undefined ? {} : { loosening: result.loosening }),
    rules: [...result.rules],
    reloaded: [...(await reload(proxy, request))],
  });
  return {
    readPolicy: (proxy) => {
      const { text, digest } = readPolicy(paths, proxy);
      return { text, digest };
    },
    checkPolicy: (proxy, text) => {
      // Throws where there is no such proxy.
      readProxyConfigText(paths, proxy);
      const check = checkPolicy(text, paths.policy(proxy));
      if (check.ok) return { ok: true, rules: check.policy.rules.length, problems: [] };
      const problems = check.problems.map(({ message, fix, line, column }) => ({
        message,
        ...(fix === undefined ? {} : { fix }),
        line,
        column,
      }));
      return { ok: false, rules: 0, problems };
    },
    savePolicy: ({ proxy, text, edited, because }, request) => {
      const who = because === undefined ? actor() : { ...actor(), because };
      return saved(proxy, savePolicy(paths, { name: proxy, text, edited }, who), request);
    },
    restorePolicy: ({ proxy, number }, request) =>
      saved(proxy, restorePolicy(paths, { name: proxy, number }, actor()), request),
    policyVersions: (proxy) =>
      policyHistory(paths, proxy).map(({ number, digest, current, confirmed }) => ({
        number,
        digest,
        current,
        ...(confirmed === undefined ? {} : { confirmed }),
      })),
    policyVersion: (proxy, number) => policyVersionText(paths, proxy, number),
    ...createConfigServices(paths, reload),
    ...createVerifyServices(paths, tampered),
  };
}
