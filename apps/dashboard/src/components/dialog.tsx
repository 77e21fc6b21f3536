import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Buttons, the deciding one last. */
  readonly footer?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg' | 'xl';
  /** It is left by a button of its own only: neither by Escape nor by a click beside it. */
  readonly mustAnswer?: boolean;
}

const widths = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-2xl', xl: 'max-w-5xl' } as const;
const veil = 'fixed inset-0 z-40 bg-veil data-[state=open]:animate-in data-[state=open]:fade-in-0';
const stay = { onEscapeKeyDown: prevent, onPointerDownOutside: prevent, onInteractOutside: prevent };

function prevent(event: Event): void {
  event.preventDefault();
}

export function Dialog({ open, onOpenChange, size = 'md', mustAnswer = false, ...parts }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={veil} />
        <Radix.Content
          {...(parts.description === undefined ? { 'aria-describedby': undefined } : {})}
          {...(mustAnswer ? stay : {})}
          className={classNames(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-raised shadow-raised outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98]',
            widths[size],
          )}
        >
          <Inside {...parts} closable={!mustAnswer} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The same from the right edge, as high as the window; from the bottom on a phone. */
export function Drawer({ open, onOpenChange, size = 'md', mustAnswer = false, ...parts }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={veil} />
        <Radix.Content
          {...(parts.description === undefined ? { 'aria-describedby': undefined } : {})}
          {...(mustAnswer ? stay : {})}
          className={classNames(
            'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] w-full flex-col rounded-t-xl border border-line bg-raised shadow-raised outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0 sm:inset-y-0 sm:right-0 sm:left-auto sm:max-h-none sm:rounded-none sm:border-y-0 sm:border-r-0 data-[state=open]:sm:slide-in-from-right-8',
            size === 'md' && 'sm:max-w-lg',
            size === 'lg' && 'sm:max-w-2xl',
            size === 'xl' && 'sm:max-w-4xl',
            size === 'sm' && 'sm:max-w-sm',
          )}
        >
          <Inside {...parts} closable={!mustAnswer} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Inside({
  title,
  description,
  children,
  footer,
  closable,
}: Omit<DialogProps, 'open' | 'onOpenChange' | 'size' | 'mustAnswer'> & { readonly closable: boolean }) {
  return (
    <>
      <div className="flex items-start gap-3 border-b border-line px-5 py-3">
        <div className="min-w-0 flex-1">
          <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
          {description !== undefined && (
            <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>
          )}
        </div>
        {closable && (
          <Radix.Close asChild>
            <Button variant="ghost" size="icon-sm" aria-label="Close" className="-mr-2">
              <X aria-hidden />
            </Button>
          </Radix.Close>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
      {footer !== undefined && (
        <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
          {footer}
        </div>
      )}
    </>
  );
}
