import type { CommandSpec } from '../command-spec.ts';
import { approvalsApprove, approvalsDeny } from './approvals/answer.ts';
import { approvalsGrants, approvalsRevoke } from './approvals/grants.ts';
import { approvalsList } from './approvals/list.ts';
import { approvalsMute } from './approvals/mute.ts';
import { approvalsShow } from './approvals/show.ts';
import { approvalsWatch } from './approvals/watch.ts';
import { auditVerify } from './audit/verify.ts';
import { configEdit } from './config/edit.ts';
import { configPath } from './config/path.ts';
import { configSet } from './config/set.ts';
import { configShow } from './config/show.ts';
import { configValidate } from './config/validate.ts';
import { debugCall } from './debug/call.ts';
import { debugList } from './debug/list.ts';
import { eventsTail } from './events/tail.ts';
import { historyRebuild } from './history/rebuild.ts';
import { historySearch } from './history/search.ts';
import { init } from './init.ts';
import { installMcpJson } from './install/mcp-json.ts';
import { logsList } from './logs/list.ts';
import { logsShow } from './logs/show.ts';
import { logsTail } from './logs/tail.ts';
import { managerMetrics } from './manager/metrics.ts';
import { managerOpen } from './manager/open.ts';
import { managerServiceInstall, managerServiceRemove } from './manager/service.ts';
import { managerSessions } from './manager/sessions.ts';
import { managerStart } from './manager/start.ts';
import { managerStatus } from './manager/status.ts';
import { managerStop } from './manager/stop.ts';
import { managerTokenCreate, managerTokenList, managerTokenRevoke } from './manager/token.ts';
import { policyAdd } from './policy/add.ts';
import { policyCheck } from './policy/check.ts';
import { policyConfirm } from './policy/confirm.ts';
import { policyEdit } from './policy/edit.ts';
import { policyExplain } from './policy/explain.ts';
import { policyHistoryCommand } from './policy/history.ts';
import { policyImport } from './policy/import.ts';
import { policyPropose } from './policy/propose.ts';
import { policyReload } from './policy/reload.ts';
import { policyReplay } from './policy/replay.ts';
import { policyRestore } from './policy/restore.ts';
import { policyShow } from './policy/show.ts';
import { proxyAdd } from './proxy/add.ts';
import { proxyList } from './proxy/list.ts';
import { proxyRemove } from './proxy/remove.ts';
import { proxyShow } from './proxy/show.ts';
import { proxyDisable, proxyEnable } from './proxy/switch.ts';
import { proxyTrust } from './proxy/trust.ts';
import { start } from './start.ts';
import { statsLatency } from './stats/latency.ts';
import { status } from './status.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  init,
  proxyAdd,
  proxyList,
  proxyShow,
  proxyTrust,
  proxyEnable,
  proxyDisable,
  proxyRemove,
  start,
  status,
  approvalsList,
  approvalsWatch,
  approvalsShow,
  approvalsApprove,
  approvalsDeny,
  approvalsGrants,
  approvalsRevoke,
  approvalsMute,
  policyShow,
  policyCheck,
  policyEdit,
  policyAdd,
  policyReload,
  policyConfirm,
  policyExplain,
  policyReplay,
  policyPropose,
  policyImport,
  policyHistoryCommand,
  policyRestore,
  logsList,
  logsShow,
  logsTail,
  eventsTail,
  historySearch,
  historyRebuild,
  statsLatency,
  debugList,
  debugCall,
  auditVerify,
  configShow,
  configSet,
  configPath,
  configEdit,
  configValidate,
  managerStart,
  managerStop,
  managerStatus,
  managerOpen,
  managerMetrics,
  managerSessions,
  managerTokenCreate,
  managerTokenList,
  managerTokenRevoke,
  managerServiceInstall,
  managerServiceRemove,
  installMcpJson,
];
