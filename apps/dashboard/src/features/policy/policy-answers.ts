import type { AppRouter } from '@mcp-acp/api/router/app-router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

type Answers = inferRouterOutputs<AppRouter>;
type Questions = inferRouterInputs<AppRouter>;

export type PolicySaved = Answers['policies']['save'];
export type AskedToReload = PolicySaved['reloaded'][number];
export type PolicyVersion = Answers['policies']['versions'][number];
export type TriedCall = Answers['policies']['tryCall'];
export type ListedRule = Answers['policies']['rules'][number];
export type RuleChange = Questions['policies']['changeRule']['change'];
export type RuleHits = Answers['history']['ruleHits'][number];
export type ProposalSource = Questions['policies']['propose']['source'];
export type ImportedPolicy = Answers['policies']['importNexus'];

type Item<Stream> = Stream extends AsyncIterable<infer Step> ? Step : never;
export type ReplayResult = Extract<
  Item<Answers['policies']['replay']>,
  { readonly type: 'result' }
>['result'];
export type Proposals = Extract<Item<Answers['policies']['propose']>, { readonly type: 'result' }>;
export type RuleProposal = Proposals['proposals'][number];
