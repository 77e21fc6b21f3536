import { readFileSync } from 'node:fs';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import { isConfirmed, policyDigest } from '@mcp-acp/config/policy-history';
import type { PolicySource } from '@mcp-acp/pipeline/guards/policy-guard';
import { parsePolicy } from '@mcp-acp/policy/check-policy';
import { type CompiledPolicy, compilePolicy } from '@mcp-acp/policy/compile-policy';
import type { PathResolver } from '@mcp-acp/policy/facts';
import { compareLoosening } from '@mcp-acp/policy/loosening';
import { AcpError, describePosition, systemErrorCode } from '@mcp-acp/shared/errors';
import type { ChangeBody } from '@mcp-acp/shared/journal-record';

export interface PolicyFileOptions {
  readonly paths: HomePaths;
  readonly name: string;
  /** What `~` stands for in patterns. */
  readonly userHome: string;
  /** Follows the links in the fixed beginning of a pattern. */
  readonly resolver: PathResolver;
}

export interface PolicyInForce extends PolicySource {
  /** The file's bytes as they were loaded last. */
  readonly text: () => string;
  /**
   * Reads the file again. A broken one, and one that loosens the policy without a person's word, leaves the policy in
   * force as it is. Returns what to record, or undefined where nothing changed.
   */
  reload(): ChangeBody | undefined;
  /** What became of the file as it was read last, where it is not the policy in force. */
  setAside(): ChangeBody | undefined;
}

/** Loads a proxy's policy. Throws AcpError('policy_invalid') with the place of the problem. */
export function loadPolicy(options: PolicyFileOptions): PolicyInForce {
  const { paths, name, userHome, resolver } = options;
  const file = paths.policy(name);
  const compile = (text: string): CompiledPolicy =>
    compilePolicy(parsePolicy(text, file), policyDigest(text), { home: userHome, paths: resolver });

  let text = readPolicy(file);
  let current = compile(text);
  /** What was reported as broken or held, so that it is reported once. */
  let setAside: ChangeBody | undefined;

  const aside = (
    event: 'rejected' | 'held',
    version: string,
    more: Partial<ChangeBody>,
  ): ChangeBody | undefined => {
    const isNews = setAside?.event !== event || setAside.version !== version;
    setAside = { type: 'policy', event, version, previous: current.version, ...more };
    return isNews ? setAside : undefined;
  };

  const reload = (): ChangeBody | undefined => {
    let next: CompiledPolicy;
    let nextText = '';
    try {
      nextText = readPolicy(file);
      next = compile(nextText);
    } catch (error) {
      const problem = error instanceof AcpError ? describePosition(error) : String(error);
      return aside('rejected', policyDigest(nextText), { problem });
    }
    const { version } = next;
    if (version === current.version) {
      setAside = undefined;
      return undefined;
    }
    const { loosening, changed } = compareLoosening(current.policy, next.policy);
    if (loosening && !isConfirmed(paths, name, version))
      return aside('held', version, { changed, loosening });
    const previous = current.version;
    text = nextText;
    current = next;
    setAside = undefined;
    return { type: 'policy', event: 'loaded', version, previous, changed, loosening };
  };

  return { current: () => current, text: () => text, reload, setAside: () => setAside };
}

function readPolicy(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    const detail =
      code === 'ENOENT' ? `There is no policy file: ${file}.` : `${file} cannot be read (${code}).`;
    throw new AcpError('policy_invalid', detail, {
      fix: 'Restore one with "mcp-acp policy restore", or write one: "version: 1" and "rules: []" deny everything.',
      cause: error,
    });
  }
}
