import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Answers = inferRouterOutputs<AppRouter>;
type Questions = inferRouterInputs<AppRouter>;

export type ProxySeen = Answers['proxies']['get'];
export type InstanceSeen = ProxySeen['instances'][number];
export type RecordPage = Answers['history']['records'];
export type HistoryRecord = RecordPage['records'][number];
export type RecordQuery = Questions['history']['records'];
export type RecordDetail = Answers['history']['record'];
export type SeriesPoint = Answers['history']['series'][number];
export type RunningConfig = Answers['proxy']['config'];
export type AuditVerdict = Answers['audit']['verify'];
