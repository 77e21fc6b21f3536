import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { inferRouterOutputs } from '@trpc/server';

type Answers = inferRouterOutputs<AppRouter>;

export type ConfigShown = Answers['configs']['show'];
export type SettingShown = ConfigShown['settings'][number];
