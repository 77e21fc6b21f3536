'use client';

import { cloneElement, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

type Side = 'top' | 'bottom';

interface Place {
  readonly left: number;
  readonly top: number;
  readonly side: Side;
}

/** Until the pointer has stayed long enough to mean it. Milliseconds. */
const hoverMs = 250;
const marginPx = 8;
const mostWidthPx = 320;
/** Of which a tooltip above has need. */
const roomPx = 140;

function placeOf(element: Element, side: Side): Place {
  const box = element.getBoundingClientRect();
  const half = Math.min(mostWidthPx, innerWidth - 2 * marginPx) / 2;
  const middle = box.left + box.width / 2;
  const left = Math.max(marginPx + half, Math.min(innerWidth - marginPx - half, middle));
  const drawn = side === 'top' && box.top < roomPx ? 'bottom' : side;
  return { left, top: drawn === 'top' ? box.top - 6 : box.bottom + 6, side: drawn };
}

interface Taken {
  readonly 'aria-describedby'?: string | undefined;
}

/** More about the one element it is put around, which must take the focus, so that keyboards reach it too. */
export function Tooltip({
  content,
  children,
  side = 'top',
}: {
  readonly content: ReactNode;
  readonly children: ReactElement<Taken>;
  readonly side?: Side;
}) {
  const id = useId();
  const around = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [place, setPlace] = useState<Place>();
  const hide = (): void => {
    clearTimeout(timer.current);
    setPlace(undefined);
  };
  const open = (afterMs: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const element = around.current?.firstElementChild;
      if (element) setPlace(placeOf(element, side));
    }, afterMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (place === undefined) return;
    const leave = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
      setPlace(undefined);
    };
    addEventListener('keydown', leave);
    addEventListener('scroll', leave, true);
    return () => {
      removeEventListener('keydown', leave);
      removeEventListener('scroll', leave, true);
    };
  }, [place]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it draws nothing and takes no focus; the element inside does.
    <span
      ref={around}
      className="contents"
      onPointerEnter={(event) => event.pointerType !== 'touch' && open(hoverMs)}
      onPointerLeave={hide}
      onFocus={() => open(0)}
      onBlur={hide}
    >
      {cloneElement(children, place === undefined ? {} : { 'aria-describedby': id })}
      {place !== undefined &&
        createPortal(
          <div
            id={id}
            role="tooltip"
            style={{ left: place.left, top: place.top, maxWidth: mostWidthPx }}
            className={`pointer-events-none fixed z-[60] w-max -translate-x-1/2 rounded-md border border-line bg-raised px-2.5 py-1.5 text-xs text-ink shadow-raised ${place.side === 'top' ? '-translate-y-full' : ''}`}
          >
            {content}
          </div>,
          document.body,
        )}
    </span>
  );
}
