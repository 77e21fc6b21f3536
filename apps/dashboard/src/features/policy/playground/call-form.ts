import { isJsonObject, type JsonObject, type JsonValue } from '@mcp-acp/shared/json';

/** A call as a person writes it. */
export interface CallForm {
  readonly method: string;
  readonly tool: string;
  readonly uri: string;
  readonly prompt: string;
  readonly arguments: string;
  readonly client: string;
}

export const emptyCall: CallForm = {
  method: 'tools/call',
  tool: '',
  uri: '',
  prompt: '',
  arguments: '{}',
  client: '',
};

/** Methods with what else they name; any other method names nothing but its arguments. */
export const methodSubjects: Readonly<Record<string, 'tool' | 'uri' | 'prompt'>> = {
  'tools/call': 'tool',
  'resources/read': 'uri',
  'resources/subscribe': 'uri',
  'prompts/get': 'prompt',
};

/** A call to judge, or why it is none, by field. */
export type ReadCall =
  | {
      readonly ok: true;
      readonly call: {
        readonly method: string;
        readonly tool?: string;
        readonly uri?: string;
        readonly prompt?: string;
        readonly arguments?: { [key: string]: never };
        readonly client?: string;
      };
    }
  | {
      readonly ok: false;
      readonly problems: Readonly<Partial<Record<'method' | 'subject' | 'arguments', string>>>;
    };

export function readCallForm(form: CallForm): ReadCall {
  const method = form.method.trim();
  const subject = methodSubjects[method];
  const named = subject === undefined ? '' : form[subject].trim();
  const read = readArguments(form.arguments);
  const problems = {
    ...(method === '' ? { method: 'Name a method, such as tools/call.' } : {}),
    ...(subject !== undefined && named === '' ? { subject: `Name the ${subjectWords[subject]}.` } : {}),
    ...('problem' in read ? { arguments: read.problem } : {}),
  };
  if (Object.keys(problems).length > 0 || 'problem' in read) return { ok: false, problems };
  return {
    ok: true,
    call: {
      method,
      ...(subject === undefined ? {} : { [subject]: named }),
      ...(read.value === undefined ? {} : { arguments: read.value as { [key: string]: never } }),
      ...(form.client.trim() === '' ? {} : { client: form.client.trim() }),
    },
  };
}

const subjectWords = { tool: 'tool', uri: 'URI', prompt: 'prompt' } as const;

function readArguments(
  text: string,
): { readonly value: JsonObject | undefined } | { readonly problem: string } {
  if (text.trim() === '') return { value: undefined };
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? { value } : { problem: 'Arguments are an object: { "path": "…" }.' };
  } catch (error) {
    return { problem: `This is no JSON: ${error instanceof Error ? error.message : 'it cannot be read.'}` };
  }
}

export interface RecordedCall {
  readonly form: CallForm;
  /** What is not as it was when the call was made. */
  readonly notes: readonly string[];
}

/** A call out of its record. Undefined where the record is none of a request. */
export function callOfRecord(record: JsonValue, payload: string | undefined): RecordedCall | undefined {
  if (!isJsonObject(record) || record.type !== 'decision' || typeof record.method !== 'string')
    return undefined;
  const text = (name: string): string => {
    const value = record[name];
    return typeof value === 'string' ? value : '';
  };
  const kept = keptArguments(payload);
  const notes = [
    ...('note' in kept ? [kept.note] : []),
    ...(text('resource') === '' ? [] : ['Of a URI the record has neither user, query nor fragment.']),
    ...(kept.text.includes('[redacted]')
      ? ['Secrets are not on record: "[redacted]" stands in their place.']
      : []),
  ];
  return {
    form: {
      method: record.method,
      tool: text('tool'),
      uri: text('resource'),
      prompt: text('prompt'),
      client: text('client'),
      arguments: kept.text,
    },
    notes,
  };
}

function keptArguments(payload: string | undefined): { readonly text: string; readonly note?: string } {
  if (payload === undefined) {
    return { text: '{}', note: 'The arguments of this call are not kept. Fill in what they were.' };
  }
  try {
    const value = JSON.parse(payload) as JsonValue;
    if (isJsonObject(value) && value.truncated === true && typeof value.head === 'string') {
      return { text: value.head, note: 'Only the beginning of the arguments is kept.' };
    }
    return { text: JSON.stringify(value, null, 2) };
  } catch {
    return { text: payload, note: 'Only the beginning of the arguments is kept.' };
  }
}

/** `<instance>.<seq>`, as links to a record have it. */
export function readRecordName(
  name: string | null,
): { readonly instance: string; readonly seq: number } | undefined {
  const found = /^(inst_[a-z2-7]{16})\.([0-9]{1,15})$/.exec(name ?? '');
  const [, instance, seq] = found ?? [];
  return instance === undefined ? undefined : { instance, seq: Number(seq) };
}
