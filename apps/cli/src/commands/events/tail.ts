import { proxyNames } from '@mcp-acp/config/proxy-config';
import { AcpError } from '@mcp-acp/shared/errors';
import type { LiveEventType } from '@mcp-acp/shared/live/live-event';
import { chooseProxy } from '../../choose-proxy.ts';
import { type CommandSpec, type Input, proxyOption } from '../../command-spec.ts';
import { followEvents } from '../../live/follow-events.ts';
import { eventLine } from './event-line.ts';

/** Every type there is; the compiler holds it against the union. */
const typeNames: Readonly<Record<LiveEventType, true>> = {
  proxy_registered: true,
  proxy_disconnected: true,
  client_identified: true,
  backend_state: true,
  tools_changed: true,
  statistics: true,
  call_decided: true,
  call_finished: true,
  approval_asked: true,
  approval_open: true,
  approval_ended: true,
  grants_changed: true,
  policy_reloaded: true,
  config_reloaded: true,
  incident: true,
  manager_started: true,
  manager_stopping: true,
  history_state: true,
  sessions_changed: true,
  resync: true,
};
const types = Object.keys(typeNames) as readonly LiveEventType[];

export const eventsTail: CommandSpec = {
  path: ['events', 'tail'],
  summary: 'show what happens in all proxies, live, until Ctrl-C',
  details:
    'Through the manager; while none runs, from the running proxies themselves. With --json, one JSON document a line.',
  options: [
    { ...proxyOption, description: 'only this one' },
    { flags: '--type <type>', description: `only this type: ${types.join(', ')}`, repeat: true },
  ],
  examples: ['mcp-acp events tail', 'mcp-acp events tail --proxy files --type call_decided --json'],
  async run(cli, input) {
    const paths = cli.paths();
    const proxy = input.option('proxy');
    if (proxy !== undefined) chooseProxy(paths, proxy);
    const wanted = wantedTypes(input);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    let from: string | undefined;
    await followEvents({
      paths,
      names: () => (proxy === undefined ? proxyNames(paths) : [proxy]),
      ...(proxy === undefined ? {} : { proxy }),
      ...(wanted === undefined ? {} : { types: wanted }),
      signal: stop.signal,
      onEvent: (event) => {
        if (cli.json) cli.printer.jsonLine(event);
        else cli.printer.result([eventLine(event, cli.style)]);
      },
      onSource: (source) => {
        if (source === from) return;
        from = source;
        cli.printer.note([
          source === 'manager'
            ? 'Events come through the manager.'
            : 'No manager runs; events come from the running proxies.',
        ]);
      },
    });
    return { data: undefined, text: [] };
  },
};

function wantedTypes(input: Input): readonly LiveEventType[] | undefined {
  const given = input.list('type');
  const wrong = given.find((type) => !types.includes(type as LiveEventType));
  if (wrong !== undefined) {
    throw new AcpError('usage', `There are no events of type "${wrong}".`, {
      fix: `Types: ${types.join(', ')}.`,
    });
  }
  return given.length === 0 ? undefined : (given as readonly LiveEventType[]);
}
