/**
 * How mcp-acp-nexus decides, as its description reads: all conditions of a rule, any of a list; hitl before deny before
 * allow; else deny. Paths are compared as written, names without regard to case.
 */
export interface NexusCall {
  readonly method: string;
  readonly tool: string;
  readonly path?: string;
  readonly source?: string;
  readonly destination?: string;
}
interface NexusPolicy {
  readonly rules: readonly {
    readonly effect: string;
    readonly conditions: Readonly<Record<string, unknown>>;
  }[];
}

export function nexusDecision(
  { rules }: NexusPolicy,
  call: NexusCall,
): { readonly effect: 'allow' | 'deny' | 'hitl'; readonly denied: boolean } {
  const matched = rules.filter(({ conditions }) =>
    Object.entries(conditions).every(([name, wanted]) => holds(name, [wanted].flat() as string[], call)),
  );
  const has = (effect: string) => matched.some((rule) => rule.effect === effect);
  const effect = has('hitl') ? 'hitl' : has('deny') ? 'deny' : has('allow') ? 'allow' : 'deny';
  return { effect, denied: has('deny') };
}

function holds(name: string, wanted: readonly string[], call: NexusCall): boolean {
  const tool = call.method === 'tools/call' ? call.tool : undefined;
  const named = call.method === 'tools/call' || call.method === 'resources/read';
  const path = named
    ? (call.path ?? (tool === undefined ? '/p' : (call.source ?? call.destination)))
    : undefined;
  const any = (value: string | undefined, test: (pattern: string, value: string) => boolean): boolean =>
    value !== undefined && wanted.some((pattern) => test(pattern, value));
  switch (name) {
    case 'tool_name':
      return any(tool, (pattern, value) => nameGlob(pattern.toLowerCase()).test(value.toLowerCase()));
    case 'mcp_method':
      return any(call.method, (pattern, value) => nameGlob(pattern).test(value));
    case 'path_pattern':
      return any(path, (pattern, value) => pathGlob(pattern).test(value));
    case 'source_path':
      return any(tool && call.source, (pattern, value) => pathGlob(pattern).test(value));
    case 'dest_path':
      return any(tool && call.destination, (pattern, value) => pathGlob(pattern).test(value));
    case 'operations':
      return any(tool, (pattern, value) => operationOf(value.toLowerCase()) === pattern);
    case 'extension':
      return any(
        path && /(?<=[^/])\.[^./]+$/.exec(path)?.[0],
        (one, value) => one.toLowerCase() === value.toLowerCase(),
      );
    case 'resource_type':
      return any(typeOf(call.method), (one, value) => one === value);
    default:
      throw new Error(name);
  }
}

const typeOf = (method: string): string =>
  method === 'tools/call'
    ? 'tool'
    : method.startsWith('resources/')
      ? 'resource'
      : method.startsWith('prompts/')
        ? 'prompt'
        : 'server';

function operationOf(name: string): string | undefined {
  const kinds = [
    ['read', /^(?:read|get|list|fetch|search|find)_|_(?:read|get|list|fetch|search)/],
    ['delete', /^(?:delete|remove|drop|clear)_|_(?:delete|remove|drop|clear)/],
    [
      'write',
      /^(?:write|create|edit|update|set|save|put|add|insert|append)_|_(?:write|create|edit|update|set|save|put|add|insert|append)/,
    ],
  ] as const;
  return kinds.find(([, form]) => form.test(name))?.[0];
}

const escaped = (text: string): string => text.replace(/[.^$+{}()|\\[\]]/g, '\\$&');

function nameGlob(pattern: string): RegExp {
  const parts = pattern.split(/(\*|\?|\[[^\]]+\])/).map((part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.startsWith('[') && part.endsWith(']') ? part : escaped(part);
  });
  return new RegExp(`^${parts.join('')}$`, 'su');
}

function pathGlob(pattern: string): RegExp {
  const text = pattern.replace(/\/+$/, '');
  const parts = text.split(/(\/\*\*$|\*\*|\*|\?)/).map((part) => {
    if (part === '/**') return '(?:/.*)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : escaped(part);
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}
