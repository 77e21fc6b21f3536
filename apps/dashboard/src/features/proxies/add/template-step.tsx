import { CodeBlock } from '../../../components/code-block.tsx';
import { RadioGroup } from '../../../components/radio-group.tsx';

interface Template {
  readonly name: string;
  readonly summary: string;
  readonly text: string;
}

/** What the policy begins with. */
export function TemplateStep({
  templates,
  chosen,
  onChoose,
}: {
  readonly templates: readonly Template[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}) {
  const template = templates.find(({ name }) => name === chosen);
  return (
    <div className="grid gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <RadioGroup
        label="Policy template"
        value={chosen}
        onValueChange={onChoose}
        options={templates.map(({ name, summary }) => ({ value: name, label: name, hint: summary }))}
      />
      <div className="min-w-0">
        <p className="mb-1.5 text-xs font-medium">The policy it begins with</p>
        {template !== undefined && (
          <CodeBlock code={template.text} label="Copy the policy" className="[&_pre]:max-h-72" />
        )}
        <p className="mt-1.5 text-xs text-muted">
          What no rule allows is refused. You can change it at any time.
        </p>
      </div>
    </div>
  );
}
