import type { NewProxyDraft } from '@mcp-acp/api/ports/proxies';
import { proxyNameProblem } from '@mcp-acp/shared/proxy-name';
import { isQuoteLeftOpen } from './quote-left-open.ts';

/** What stands in the fields of the wizard. */
export interface ProxyForm {
  readonly name: string;
  readonly reached: 'command' | 'url';
  readonly command: string;
  readonly url: string;
  /** Names, one a line or with commas between them. */
  readonly environment: string;
  readonly headers: string;
  readonly template: string;
}

export const emptyForm: ProxyForm = {
  name: '',
  reached: 'command',
  command: '',
  url: '',
  environment: '',
  headers: '',
  template: '',
};

export type FormProblems = Partial<Record<'name' | 'command' | 'url' | 'environment' | 'headers', string>>;

export const namesIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,]+/).filter((name) => name !== '')),
];

/** What is wrong with the fields, as far as it can be seen here. The manager looks again. */
export function problemsOf(form: ProxyForm, taken: readonly string[]): FormProblems {
  const name = taken.includes(form.name)
    ? 'There is a proxy of that name already.'
    : proxyNameProblem(form.name);
  const of = form.reached === 'command' ? problemsOfCommand(form) : problemsOfUrl(form);
  return { ...(name === undefined ? {} : { name }), ...of };
}

/** Those of fields that were not changed since they were found. */
export const problemsLeft = (problems: FormProblems, changed: Partial<ProxyForm>): FormProblems =>
  Object.fromEntries(Object.entries(problems).filter(([name]) => !Object.hasOwn(changed, name)));

function commandProblem(command: string): string | undefined {
  if (command.trim() === '') return 'What starts the server?';
  if (/[\r\n]/.test(command.trim())) return 'It is one line.';
  return isQuoteLeftOpen(command) ? 'A quote is not closed.' : undefined;
}

function problemsOfCommand({ command, environment }: ProxyForm): FormProblems {
  const wrong = namesIn(environment).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const problem = commandProblem(command);
  return {
    ...(problem === undefined ? {} : { command: problem }),
    ...(wrong === undefined ? {} : { environment: wrongName(wrong) }),
  };
}

function problemsOfUrl({ url, headers }: ProxyForm): FormProblems {
  const wrong = namesIn(headers).find((name) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name));
  return {
    ...(/^https?:\/\/\S+$/i.test(url.trim()) ? {} : { url: 'It begins with http:// or https://.' }),
    ...(wrong === undefined ? {} : { headers: wrongName(wrong) }),
  };
}

const wrongName = (text: string): string =>
  /[=:]/.test(text)
    ? 'Names only, without values: those stay with the client and never pass through a page.'
    : 'One of these is no name.';

export const draftOf = (form: ProxyForm): NewProxyDraft => ({
  name: form.name,
  template: form.template,
  backend:
    form.reached === 'command'
      ? { transport: 'stdio', commandLine: form.command.trim(), environment: [...namesIn(form.environment)] }
      : { transport: 'http', url: form.url.trim(), headers: [...namesIn(form.headers)] },
});
