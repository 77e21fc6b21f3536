import {
  answering,
  asking,
  badInput,
  deciding,
  done,
  exits,
  files,
  flows,
  http,
  journal,
  methods,
  policy,
  recording,
  strictness,
} from './requirements/of-a-proxy.ts';
import { approving } from './requirements/of-approvals.ts';
import { policyPages } from './requirements/of-policy-pages.ts';
import { policyWork } from './requirements/of-policy-work.ts';
import { asked, looked } from './requirements/of-the-dashboard.ts';
import { api, daemon, history, liveState, web } from './requirements/of-the-manager.ts';
import { proxyPage } from './requirements/of-the-proxy-page.ts';
import { summoned } from './requirements/of-the-terminal.ts';

/**
 * What the product promises, as data. A test cites what it proves by `[ID]` in its title (`verifies('ID', '…')` in this
 * room, the text itself elsewhere); one that no test cites fails `test/requirements.test.ts`.
 */
export interface Requirement {
  readonly text: string;
  /** Where it is promised. */
  readonly source: string;
}

const from = (source: string, promises: Readonly<Record<string, string>>): Record<string, Requirement> =>
  Object.fromEntries(Object.entries(promises).map(([id, text]) => [id, { text, source }]));

const groups = {
  ...deciding,
  ...strictness,
  ...recording,
  ...answering,
  ...methods,
  ...policy,
  ...journal,
  ...asking,
  ...files,
  ...exits,
  ...badInput,
  ...done,
  ...flows,
  ...http,
  ...daemon,
  ...liveState,
  ...api,
  ...web,
  ...history,
  ...approving,
  ...asked,
  ...looked,
  ...policyPages,
  ...policyWork,
  ...proxyPage,
  ...summoned,
};

export type RequirementId = keyof typeof groups;

export const requirements: Readonly<Record<string, Requirement>> = {
  ...from('design §3.1', deciding),
  ...from('design §3.2', strictness),
  ...from('design §3.3 and §3.4', recording),
  ...from('design §3.5 to §3.7', answering),
  ...from('design §3, classes of methods', methods),
  ...from('design §4', policy),
  ...from('design §5', journal),
  ...from('design §4 and §6', asking),
  ...from('design §6', approving),
  ...from('design §7', files),
  ...from('design §8', exits),
  ...from('core, bad input', badInput),
  ...from('core, done when', done),
  ...from('design §3, both eras first class', flows),
  ...from('design §3.6 and the transports', http),
  ...from('design §1, live state of a proxy', liveState),
  ...from('design §1 and §7, the manager as a process', daemon),
  ...from('design §1, the router', api),
  ...from('design §1, the dashboard’s door', web),
  ...from('design §5, the history', history),
  ...from('design §6, in the dashboard', asked),
  ...from('design §6, in the terminal', summoned),
  ...from('design §1 and §4, the dashboard', looked),
  ...from('design §4, before a policy is saved', policyWork),
  ...from('design §4, the dashboard', policyPages),
  ...from('design §1, the page of a proxy', proxyPage),
};

/** The title of a test that proves a requirement, or several. */
export const verifies = (ids: RequirementId | readonly RequirementId[], title: string): string =>
  `${(typeof ids === 'string' ? [ids] : ids).map((id) => `[${id}]`).join('')} ${title}`;

/** Requirements that no test proves yet. It shrinks only, and an entry that a test cites is an error. */
export const notYetProven: readonly RequirementId[] = [];
