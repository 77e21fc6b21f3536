import type { AccessPort } from './access.ts';
import type { AllApprovalsPort } from './approvals.ts';
import type { EventsPort } from './events.ts';
import type { FilesPort } from './files.ts';
import type { HistoryPort } from './history.ts';
import type { ManagerProcessPort, Storage } from './manager-process.ts';
import type { PolicyWorkPort } from './policy-work.ts';
import type { ProxiesPort, ProxySetupPort } from './proxies.ts';
import type { RegistryPort } from './registry.ts';
import type { ReloadPort } from './reload.ts';

/** What the manager's own branches of the router are answered with. */
export interface ManagerPorts {
  readonly access: AccessPort;
  readonly approvals: AllApprovalsPort;
  readonly events: EventsPort;
  readonly files: FilesPort;
  readonly history: HistoryPort;
  /** All figures in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly process: ManagerProcessPort;
  readonly policyWork: PolicyWorkPort;
  readonly proxies: ProxiesPort;
  readonly registry: RegistryPort;
  readonly reload: ReloadPort;
  readonly setup: ProxySetupPort;
  readonly storage: () => Promise<Storage>;
}
