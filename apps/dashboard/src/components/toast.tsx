'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { toast as sonner, Toaster } from 'sonner';

/** How long each kind stays. Milliseconds. */
const shownMs = { success: 3_000, info: 4_000, warning: 6_000, error: 8_000 } as const;

/** Says in passing what happened. `id` takes the place of the toast of that id, so that one thing is not told ten times. */
export const toast = {
  success: (text: string, id?: string) => say('success', text, id),
  info: (text: string, id?: string) => say('info', text, id),
  warning: (text: string, id?: string) => say('warning', text, id),
  error: (text: string, id?: string) => say('error', text, id),
};

function say(kind: keyof typeof shownMs, text: string, id: string | undefined): void {
  sonner[kind](text, { duration: shownMs[kind], ...(id === undefined ? {} : { id }) });
}

const icons = {
  success: <CircleCheck aria-hidden className="size-4 text-good" />,
  info: <Info aria-hidden className="size-4 text-info" />,
  warning: <TriangleAlert aria-hidden className="size-4 text-warn" />,
  error: <CircleAlert aria-hidden className="size-4 text-bad" />,
};

export function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      visibleToasts={4}
      icons={icons}
      closeButton={false}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start gap-2.5 rounded-lg border border-line bg-raised px-3.5 py-2.5 text-sm text-ink shadow-raised sm:w-[22rem]',
          icon: 'mt-0.5 shrink-0',
          content: 'min-w-0',
          title: 'break-words [overflow-wrap:anywhere]',
        },
      }}
    />
  );
}
