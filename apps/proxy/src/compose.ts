import { randomBytes } from 'node:crypto';
import type { Journal } from '@mcp-acp/audit/journal';
import type { PayloadStore } from '@mcp-acp/audit/payload-store';
import type { HomePaths } from '@mcp-acp/config/home-paths';
import type { ProxyConfig } from '@mcp-acp/config/proxy-config';
import { createSession } from '@mcp-acp/mcp/session';
import {
  filterInputRequests,
  filterRequiredElicitations,
  observeInitialize,
  observeRounds,
  observeToolList,
} from '@mcp-acp/pipeline/answers/inspect-result';
import type { Person } from '@mcp-acp/pipeline/approvals/person';
import { createEnforcementPoint, type EnforcementPoint } from '@mcp-acp/pipeline/enforcement-point';
import { haltGuard } from '@mcp-acp/pipeline/guards/halt-guard';
import { type PolicySource, policyGuard } from '@mcp-acp/pipeline/guards/policy-guard';
import { protectedPathGuard } from '@mcp-acp/pipeline/guards/protected-path-guard';
import type { PathResolver } from '@mcp-acp/policy/facts';
import { type Clock, systemTimers } from '@mcp-acp/shared/clock';
import type { EventOrigin } from '@mcp-acp/shared/live/live-event';
import type { SubjectSource } from '@mcp-acp/shared/subject';
import { callIdleMs } from './call-idle.ts';
import { canonicalFolder } from './canonical-folder.ts';
import type { ConfigInForce } from './config-in-force.ts';
import type { Flow } from './flow.ts';
import { rateLimitInForce } from './rate-limit-in-force.ts';

export interface ProxyParts {
  /** As it was at the start: what is not in `configs` stays so. */
  readonly config: ProxyConfig;
  readonly configs: ConfigInForce;
  readonly paths: HomePaths;
  readonly policies: PolicySource;
  readonly journal: Journal;
  readonly payloads: PayloadStore;
  readonly subjects: SubjectSource;
  readonly clock: Clock;
  readonly flow: Flow;
  readonly resolver: PathResolver;
  readonly origin: EventOrigin;
  /** Who is asked where a rule says so. */
  readonly person: Person;
}

/** The security path of a proxy as one list: every guard and filter a message passes stands here. */
export function composeEnforcement(parts: ProxyParts): EnforcementPoint {
  const { config, configs, paths, policies, clock } = parts;
  const halted = () => (configs.current().enabled ? undefined : 'proxy_disabled');
  return createEnforcementPoint({
    clock,
    journal: parts.journal,
    payloads: parts.payloads,
    payloadMode: config.audit.payloads,
    subjects: parts.subjects,
    session: createSession(),
    policies,
    paths: parts.resolver,
    halted,
    guards: [
      haltGuard(halted),
      policyGuard(policies),
      protectedPathGuard([canonicalFolder(paths.home), canonicalFolder(paths.logs)]),
      rateLimitInForce(() => configs.current().limits.rate, clock),
    ],
    filters: [
      observeInitialize,
      observeToolList,
      filterInputRequests,
      filterRequiredElicitations,
      observeRounds,
    ],
    asking: {
      person: parts.person,
      origin: parts.origin,
      timers: systemTimers,
      random: randomBytes,
      holdMs: () => configs.current().approvals.holdMs,
      openMs: () => configs.current().approvals.openMs,
    },
    backend: { id: config.backend.id, kind: config.backend.transport === 'stdio' ? 'stdio' : 'http' },
    transmit: parts.flow.transmit,
    callIdleMs: callIdleMs(config.backend),
  });
}
