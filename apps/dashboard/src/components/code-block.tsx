import { classNames } from './class-names.ts';
import { CopyButton } from './copy-button.tsx';

/** Text to be read and copied as it is: commands, JSON, YAML. It comes from us; words of others go through ForeignText. */
export function CodeBlock({
  code,
  label = 'Copy',
  wrap = false,
  className,
}: {
  readonly code: string;
  readonly label?: string;
  readonly wrap?: boolean;
  readonly className?: string;
}) {
  return (
    <div className={classNames('group relative min-w-0 rounded-md border border-line bg-sunken', className)}>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        className={classNames(
          'max-h-96 overflow-auto py-2 pr-10 pl-3 font-mono text-xs leading-5 focus-visible:outline-offset-[-2px]',
          wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]',
        )}
      >
        {code}
      </pre>
      <CopyButton text={code} label={label} className="absolute top-1 right-1 bg-sunken" />
    </div>
  );
}
