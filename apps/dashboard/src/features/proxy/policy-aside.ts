import type { ProxySeen } from './answers.ts';

type Status = ProxySeen['instances'][number]['status'];

/** What a running instance says of a policy file that it does not decide by. */
export interface PolicyAside extends NonNullable<Status['policyAside']> {
  /** Digest of the policy it decides by. */
  readonly inForce: string | undefined;
}

/** Of a proxy whose file is not in force: the newest instance that says so. */
export function policyAsideOf({ instances }: Pick<ProxySeen, 'instances'>): PolicyAside | undefined {
  const status = instances.findLast(({ status }) => status.policyAside !== undefined)?.status;
  return status?.policyAside === undefined
    ? undefined
    : { ...status.policyAside, inForce: status.policyVersion };
}
