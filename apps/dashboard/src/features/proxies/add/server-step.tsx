'use client';

import type { FormEvent } from 'react';
import { Field } from '../../../components/field.tsx';
import { Input, Textarea } from '../../../components/input.tsx';
import { RadioGroup } from '../../../components/radio-group.tsx';
import type { FormProblems, ProxyForm } from './proxy-form.ts';

/** What the proxy is called and what stands behind it. */
export function ServerStep({
  form,
  problems,
  onChange,
  onNext,
}: {
  readonly form: ProxyForm;
  readonly problems: FormProblems;
  readonly onChange: (change: Partial<ProxyForm>) => void;
  readonly onNext: () => void;
}) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onNext();
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <Field label="Name" hint="As your MCP client will list it, such as filesystem." error={problems.name}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            value={form.name}
            maxLength={64}
            onChange={({ target }) => onChange({ name: target.value })}
          />
        )}
      </Field>
      <RadioGroup
        label="How it is reached"
        inline
        value={form.reached}
        onValueChange={(reached) => onChange({ reached: reached === 'url' ? 'url' : 'command' })}
        options={[
          { value: 'command', label: 'Command' },
          { value: 'url', label: 'URL' },
        ]}
      />
      {form.reached === 'command' ? (
        <>
          <Field
            label="Command"
            hint="Program and arguments as in a shell; quotes are respected, nothing is substituted."
            error={problems.command}
          >
            {(ids) => (
              <Textarea
                {...ids}
                rows={2}
                className="min-h-14 font-mono text-xs"
                value={form.command}
                placeholder="npx -y @modelcontextprotocol/server-filesystem /home/me/project"
                onChange={({ target }) => onChange({ command: target.value })}
              />
            )}
          </Field>
          <Field
            label="Environment variables"
            hint="Names only, one a line. The values come from the client that starts the proxy."
            error={problems.environment}
          >
            {(ids) => (
              <Textarea
                {...ids}
                rows={2}
                className="min-h-14 font-mono text-xs"
                value={form.environment}
                placeholder="GITHUB_TOKEN"
                onChange={({ target }) => onChange({ environment: target.value })}
              />
            )}
          </Field>
        </>
      ) : (
        <>
          <Field label="URL" hint="Where the server speaks MCP over HTTP." error={problems.url}>
            {(ids) => (
              <Input
                {...ids}
                className="font-mono text-xs"
                value={form.url}
                placeholder="https://example.com/mcp"
                onChange={({ target }) => onChange({ url: target.value })}
              />
            )}
          </Field>
          <Field
            label="Headers"
            hint="Names only, one a line. The values come from the client that starts the proxy."
            error={problems.headers}
          >
            {(ids) => (
              <Textarea
                {...ids}
                rows={2}
                className="min-h-14 font-mono text-xs"
                value={form.headers}
                placeholder="Authorization"
                onChange={({ target }) => onChange({ headers: target.value })}
              />
            )}
          </Field>
        </>
      )}
      <button type="submit" hidden />
    </form>
  );
}
