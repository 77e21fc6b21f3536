'use client';

import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';

/** How long each kind stays. Milliseconds. */
const shownMs = { success: 3_000, info: 4_000, warning: 6_000, error: 8_000 } as const;
/** Of more than these the oldest goes. */
const mostToasts = 4;

type Kind = keyof typeof shownMs;

/** What can still be done about what a toast says. It stays at least {@link withActionMs} then. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}
const withActionMs = 8_000;

interface Toast {
  readonly id: string;
  readonly kind: Kind;
  readonly text: string;
  readonly action?: ToastAction;
}

let toasts: readonly Toast[] = [];
let counted = 0;
const listeners = new Set<() => void>();

function show(next: readonly Toast[]): void {
  toasts = next;
  for (const tell of [...listeners]) tell();
}

function say(kind: Kind, text: string, id = `toast-${++counted}`): void {
  put({ id, kind, text });
}

function put(toast: Toast): void {
  show([...toasts.filter(({ id }) => id !== toast.id), toast].slice(-mostToasts));
}

/** The same with a way back beside it. */
export function toastWithAction(kind: Kind, text: string, action: ToastAction): void {
  put({ id: `toast-${++counted}`, kind, text, action });
}

const dismiss = (gone: Toast): void => show(toasts.filter((toast) => toast !== gone));

/** Says in passing what happened. `id` takes the place of the toast of that id, so that one thing is not told ten times. */
export const toast = {
  success: (text: string, id?: string) => say('success', text, id),
  info: (text: string, id?: string) => say('info', text, id),
  warning: (text: string, id?: string) => say('warning', text, id),
  error: (text: string, id?: string) => say('error', text, id),
};

function watch(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

const none: readonly Toast[] = [];

export function Toasts() {
  const shown = useSyncExternalStore(
    watch,
    () => toasts,
    () => none,
  );
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      // Beside a drawer where there is room for both, else above it: never over the buttons at its end.
      className="pointer-events-none fixed inset-x-4 bottom-4 z-[60] flex flex-col items-end gap-2 sm:left-auto sm:w-[22rem] [body:has([role=dialog])_&]:max-lg:top-2 [body:has([role=dialog])_&]:max-lg:bottom-auto [body:has([role=dialog])_&]:sm:right-auto [body:has([role=dialog])_&]:sm:left-4"
    >
      {shown.map((one) => (
        <ToastCard key={one.id} toast={one} />
      ))}
    </section>
  );
}

const icons = {
  success: <CircleCheck aria-hidden className="text-good" />,
  info: <Info aria-hidden className="text-info" />,
  warning: <TriangleAlert aria-hidden className="text-warn" />,
  error: <CircleAlert aria-hidden className="text-bad" />,
} as const;

function ToastCard({ toast: shown }: { readonly toast: Toast }) {
  useEffect(() => {
    const ms = shownMs[shown.kind];
    const timer = setTimeout(
      () => dismiss(shown),
      shown.action === undefined ? ms : Math.max(ms, withActionMs),
    );
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div
      data-toast={shown.kind}
      // A click here is none beside a dialog that is open, which would close it.
      onPointerDown={(event) => event.stopPropagation()}
      role={shown.kind === 'error' ? 'alert' : undefined}
      className="pointer-events-auto flex w-full animate-in items-start gap-2.5 rounded-lg border border-line bg-raised py-2.5 pr-2 pl-3.5 text-sm shadow-raised fade-in-0 slide-in-from-bottom-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0"
    >
      {icons[shown.kind]}
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{shown.text}</p>
      {shown.action !== undefined && (
        <button
          type="button"
          onClick={() => {
            dismiss(shown);
            shown.action?.run();
          }}
          className="h-7 shrink-0 rounded-md border border-line-strong bg-surface px-2 text-xs font-medium hover:bg-hover"
        >
          {shown.action.label}
        </button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => dismiss(shown)}
        className="rounded p-1 text-muted hover:bg-hover hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}
