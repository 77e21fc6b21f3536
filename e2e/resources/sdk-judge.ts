import * as v1 from '@modelcontextprotocol/sdk/types.js';
import { specTypeSchemas } from '@modelcontextprotocol/server';

/**
 * The official SDK as a judge of what leaves the proxy: each message must be one that the SDK's own schemas take, by
 * its method and by the negotiated revision. The product does not use them; a relay must not depend on what they know.
 */
type Check = (value: unknown) => string | undefined;

/** Lines of UTF-8 as latin1 text, by the direction they went. */
interface Crossed {
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
}

export interface Judged {
  readonly revision: string;
  readonly left: Crossed;
  /** What answers are held against: also a request that was refused, and so never left, has one. */
  readonly entered: Crossed;
}

interface Method {
  readonly request: string;
  readonly result: string;
}

const methods: Readonly<Record<string, Method>> = {
  initialize: { request: 'InitializeRequest', result: 'InitializeResult' },
  ping: { request: 'PingRequest', result: 'EmptyResult' },
  'server/discover': { request: 'DiscoverRequest', result: 'DiscoverResult' },
  'completion/complete': { request: 'CompleteRequest', result: 'CompleteResult' },
  'logging/setLevel': { request: 'SetLevelRequest', result: 'EmptyResult' },
  'prompts/list': { request: 'ListPromptsRequest', result: 'ListPromptsResult' },
  'prompts/get': { request: 'GetPromptRequest', result: 'GetPromptResult' },
  'resources/list': { request: 'ListResourcesRequest', result: 'ListResourcesResult' },
  'resources/templates/list': {
    request: 'ListResourceTemplatesRequest',
    result: 'ListResourceTemplatesResult',
  },
  'resources/read': { request: 'ReadResourceRequest', result: 'ReadResourceResult' },
  'resources/subscribe': { request: 'SubscribeRequest', result: 'EmptyResult' },
  'resources/unsubscribe': { request: 'UnsubscribeRequest', result: 'EmptyResult' },
  'tools/list': { request: 'ListToolsRequest', result: 'ListToolsResult' },
  'tools/call': { request: 'CallToolRequest', result: 'CallToolResult' },
  'sampling/createMessage': { request: 'CreateMessageRequest', result: 'CreateMessageResult' },
  'elicitation/create': { request: 'ElicitRequest', result: 'ElicitResult' },
  'roots/list': { request: 'ListRootsRequest', result: 'ListRootsResult' },
  'tasks/get': { request: 'GetTaskRequest', result: 'GetTaskResult' },
  'tasks/result': { request: 'GetTaskPayloadRequest', result: 'GetTaskPayloadResult' },
  'tasks/list': { request: 'ListTasksRequest', result: 'ListTasksResult' },
  'tasks/cancel': { request: 'CancelTaskRequest', result: 'CancelTaskResult' },
  'subscriptions/listen': { request: 'SubscriptionsListenRequest', result: 'SubscriptionsListenResult' },
};

const notifications: Readonly<Record<string, string>> = {
  'notifications/initialized': 'InitializedNotification',
  'notifications/cancelled': 'CancelledNotification',
  'notifications/progress': 'ProgressNotification',
  'notifications/message': 'LoggingMessageNotification',
  'notifications/resources/updated': 'ResourceUpdatedNotification',
  'notifications/resources/list_changed': 'ResourceListChangedNotification',
  'notifications/tools/list_changed': 'ToolListChangedNotification',
  'notifications/prompts/list_changed': 'PromptListChangedNotification',
  'notifications/roots/list_changed': 'RootsListChangedNotification',
  'notifications/tasks/status': 'TaskStatusNotification',
  'notifications/elicitation/complete': 'ElicitationCompleteNotification',
  'notifications/subscriptions/acknowledged': 'SubscriptionsAcknowledgedNotification',
};

/** A schema of the SDK's first line, by the name of its type. */
const statefulCheck =
  (type: string): Check =>
  (value) => {
    const schema = (v1 as unknown as Record<string, { safeParse(value: unknown): { error?: Error } }>)[
      `${type}Schema`
    ];
    if (schema === undefined) return `the SDK has no schema ${type}`;
    return schema.safeParse(value).error?.message;
  };

interface StandardSchema {
  readonly '~standard': { validate(value: unknown): { readonly issues?: readonly unknown[] } };
}

/** A schema of the SDK's second line, by the name of its type. */
const statelessCheck =
  (type: string): Check =>
  (value) => {
    const schema = (specTypeSchemas as unknown as Readonly<Record<string, StandardSchema>>)[type];
    if (schema === undefined) return `the SDK has no schema ${type}`;
    const { issues } = schema['~standard'].validate(value);
    return issues === undefined ? undefined : JSON.stringify(issues);
  };

// biome-ignore lint/suspicious/noExplicitAny: a judge reads messages of every shape
type Message = any;

/** What revision 2026-07-28 demands beyond the SDK's public schemas, which are the same for all revisions. */
const eraRules = {
  request: ({ params }: Message): string | undefined => {
    const meta = params?._meta ?? {};
    const missing = ['protocolVersion', 'clientCapabilities'].filter(
      (key) => meta[`io.modelcontextprotocol/${key}`] === undefined,
    );
    return missing.length === 0 ? undefined : `its envelope lacks ${missing}`;
  },
  result: (method: string, result: Message): string | undefined => {
    if (typeof result.resultType !== 'string') return 'the result has no resultType';
    const cacheable = /^(?:server\/discover|resources\/read|.*\/list)$/.test(method);
    if (!cacheable || result.resultType !== 'complete') return undefined;
    return typeof result.ttlMs === 'number' && typeof result.cacheScope === 'string'
      ? undefined
      : 'the result does not say how long and for whom it may be kept';
  },
};

const inputRequestFault = (result: Message): string | undefined =>
  Object.values(result.inputRequests ?? {})
    .map((member: Message) => {
      // The public schema has URL elicitation as it was before, when each had an id of its own.
      const params =
        member.params?.mode === 'url' ? { elicitationId: 'none', ...member.params } : member.params;
      return statelessCheck(methods[member.method]?.request ?? 'Request')({ ...member, params });
    })
    .find((fault) => fault !== undefined);

const textOf = (line: string): string => Buffer.from(line, 'latin1').toString('utf8');
const read = (lines: readonly string[]): readonly Message[] => lines.map((line) => JSON.parse(textOf(line)));

/** Requests among what entered; what is no message at all asks for nothing that an answer could fit. */
const requestsIn = (lines: readonly string[]): readonly Message[] =>
  lines.flatMap((line) => {
    try {
      const message: Message = JSON.parse(textOf(line));
      return message.method === undefined ? [] : [message];
    } catch {
      return [];
    }
  });

/** A sentence for each message that the SDK would not take. Empty where all is well. */
export function sdkVerdict({ revision, left, entered }: Judged): readonly string[] {
  const askedByServer = requestsIn(entered.toClient);
  const askedByClient = requestsIn(entered.toServer);
  return [
    ...read(left.toServer).flatMap((message) => complaint('server', message, judge(message, askedByServer))),
    ...read(left.toClient).flatMap((message) => complaint('client', message, judge(message, askedByClient))),
  ];

  function judge(message: Message, requests: readonly Message[]): string | undefined {
    // JSON-RPC 2.0, section 5: null where the id of what is refused could not be read. The SDK wants it left out.
    const { id, ...rest } = message;
    const isStateless = ofStatelessEra(message);
    const check = isStateless ? statelessCheck : statefulCheck;
    const envelope = check('JSONRPCMessage')(message.error !== undefined && id === null ? rest : message);
    if (envelope !== undefined) return envelope;
    if (message.method === undefined)
      return message.error === undefined ? ofResult(message, requests) : undefined;
    const type = id === undefined ? notifications[message.method] : methods[message.method]?.request;
    const fault = type === undefined ? undefined : check(type)(message);
    return fault ?? (isStateless && id !== undefined ? eraRules.request(message) : undefined);
  }

  /** A client that knows both eras may ask in the newer one before it falls back. */
  function ofStatelessEra({ params }: Message): boolean {
    return (
      revision >= '2026-07-28' || params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined
    );
  }

  /** Several clients may use the same id; the answer must fit a request of one of them. */
  function ofResult({ id, result }: Message, requests: readonly Message[]): string | undefined {
    const asked = requests.filter((request) => request.id === id);
    if (asked.length === 0) return 'nobody asked for this answer';
    const faults = asked.map((request) =>
      ofStatelessEra(request) ? statelessFault(request, result) : statefulFault(request, result),
    );
    return faults.includes(undefined) ? undefined : faults[0];
  }
}

function statefulFault({ method, params }: Message, result: Message): string | undefined {
  // A client of the SDK repeats the wish for a task in what it asks about the task.
  if (params?.task !== undefined && !method.startsWith('tasks/'))
    return statefulCheck('CreateTaskResult')(result);
  if (method === 'sampling/createMessage' && params.tools !== undefined)
    return statefulCheck('CreateMessageResultWithTools')(result);
  return statefulCheck(methods[method]?.result ?? 'Result')(result);
}

function statelessFault({ method }: Message, result: Message): string | undefined {
  // The public schemas know neither `input_required` nor `task` as a result of its own, nor the tasks extension.
  const isKnown = result.resultType === 'complete' && !method.startsWith('tasks/');
  const type = (isKnown ? methods[method]?.result : undefined) ?? 'Result';
  return statelessCheck(type)(result) ?? eraRules.result(method, result) ?? inputRequestFault(result);
}

const complaint = (to: string, message: Message, fault: string | undefined): readonly string[] =>
  fault === undefined ? [] : [`to the ${to}: ${JSON.stringify(message).slice(0, 400)}: ${fault}`];
