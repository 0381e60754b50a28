import { type RefObject, useEffect, useRef, useState } from 'react';
import { instantAt, lengthOf, moveBy, type TimeWindow, windowBetween, zoomAbout } from './chart-window';
import type { LinkedCursor } from './linked-cursor';

// Pointer, wheel, pinch and keys on the plots. All change either the linked cursor or the window; nothing here draws.
//  mouse: move = cursor, drag = zoom to what was marked, wheel = zoom, Shift+wheel or sideways = move, double click = reset
//  touch: one finger sideways = cursor (up and down scrolls the page), two fingers = pinch
//  keys:  ← → cursor (Shift: ten times as far), + − zoom, Page ↑ ↓ one window, Home/End ends, 0 or Esc = reset

export interface GestureTargets {
  readonly window: TimeWindow;
  readonly onWindow: (window: TimeWindow) => void;
  readonly onReset: () => void;
  readonly cursor: LinkedCursor;
  /** Instants that ← and → visit. */
  readonly instants: () => readonly number[];
}

export interface Marked {
  readonly from: number;
  readonly to: number;
}

const WHEEL_ZOOM_PER_PX = 0.0016;
/** Shorter drags are clicks. */
const LEAST_DRAG_PX = 6;
/** A wheel turn that began as scrolling of the page goes on as scrolling while it runs over a plot. */
const SCROLL_GOES_ON_MS = 350;

/** Listens on the plots' common area; returns what is marked by a drag that is under way. */
export function useChartGestures(area: RefObject<HTMLElement | null>, targets: GestureTargets): Marked | undefined {
  const latest = useRef(targets);
  latest.current = targets;
  const [marked, setMarked] = useState<Marked>();

  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const pointers = new Map<number, number>();
    let dragFrom: { x: number; at: number } | undefined;
    let pinch: { window: TimeWindow; distance: number; centre: number } | undefined;
    let scrolledAt = 0;

    const shareAt = (clientX: number) => {
      const box = element.getBoundingClientRect();
      return Math.min(1, Math.max(0, (clientX - box.left) / Math.max(box.width, 1)));
    };
    const atOf = (clientX: number) => Math.round(instantAt(latest.current.window, shareAt(clientX)));
    const twoFingers = () => {
      const [a = 0, b = 0] = [...pointers.values()];
      return { distance: Math.max(Math.abs(a - b), 12), centre: (a + b) / 2 };
    };

    const onDown = (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && event.button !== 0) return;
      pointers.set(event.pointerId, event.clientX);
      element.setPointerCapture(event.pointerId);
      if (pointers.size === 2) {
        pinch = { window: latest.current.window, ...twoFingers() };
        dragFrom = undefined;
        setMarked(undefined);
      } else if (event.pointerType === 'mouse' || event.pointerType === 'pen')
        dragFrom = { x: event.clientX, at: atOf(event.clientX) };
      latest.current.cursor.set(atOf(event.clientX));
    };
    const onMove = (event: PointerEvent) => {
      if (pointers.has(event.pointerId)) pointers.set(event.pointerId, event.clientX);
      if (pinch && pointers.size >= 2) {
        const now = twoFingers();
        const pivot = instantAt(pinch.window, shareAt(pinch.centre));
        const zoomed = zoomAbout(pinch.window, pivot, pinch.distance / now.distance);
        latest.current.onWindow(moveBy(zoomed, shareAt(pinch.centre) - shareAt(now.centre)));
        return;
      }
      latest.current.cursor.set(atOf(event.clientX));
      if (dragFrom && Math.abs(event.clientX - dragFrom.x) >= LEAST_DRAG_PX)
        setMarked({ from: dragFrom.at, to: atOf(event.clientX) });
    };
    const onUp = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      if (pointers.size < 2) pinch = undefined;
      if (dragFrom && event.type === 'pointerup' && Math.abs(event.clientX - dragFrom.x) >= LEAST_DRAG_PX) {
        latest.current.onWindow(windowBetween(dragFrom.at, atOf(event.clientX)));
      }
      dragFrom = undefined;
      setMarked(undefined);
    };
    const onLeave = (event: PointerEvent) => {
      if (event.pointerType === 'mouse' && !dragFrom) latest.current.cursor.set(undefined);
    };
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && Date.now() - scrolledAt < SCROLL_GOES_ON_MS) return;
      event.preventDefault();
      const { window, onWindow } = latest.current;
      const unit = event.deltaMode === 1 ? 16 : 1;
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        onWindow(moveBy(window, (sideways * unit) / element.clientWidth));
      else
        onWindow(
          zoomAbout(
            window,
            instantAt(window, shareAt(event.clientX)),
            Math.exp(event.deltaY * unit * WHEEL_ZOOM_PER_PX),
          ),
        );
    };
    const onScroll = () => {
      scrolledAt = Date.now();
    };
    const onDoubleClick = () => latest.current.onReset();
    const onKey = (event: KeyboardEvent) => {
      if (event.target === element && handleKey(event, latest.current)) event.preventDefault();
    };

    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('dblclick', onDoubleClick);
    element.addEventListener('keydown', onKey);
    document.addEventListener('scroll', onScroll, { passive: true, capture: true });
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('dblclick', onDoubleClick);
      element.removeEventListener('keydown', onKey);
      document.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [area]);

  return marked;
}

/** True when the key meant something here. */
export function handleKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  targets: GestureTargets,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { window, onWindow, onReset, cursor } = targets;
  const pivot = cursor.get() ?? window.from + lengthOf(window) / 2;
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      cursor.set(instantBeside(targets, event.key === 'ArrowLeft' ? -1 : 1, event.shiftKey ? 10 : 1));
      return true;
    case 'Home':
    case 'End': {
      const inside = targets.instants().filter((at) => at >= window.from && at <= window.to);
      cursor.set(event.key === 'Home' ? (inside[0] ?? window.from) : (inside.at(-1) ?? window.to));
      return true;
    }
    case '+':
    case '=':
      onWindow(zoomAbout(window, pivot, 0.5));
      return true;
    case '-':
    case '_':
      onWindow(zoomAbout(window, pivot, 2));
      return true;
    case 'PageUp':
      onWindow(moveBy(window, -1));
      return true;
    case 'PageDown':
      onWindow(moveBy(window, 1));
      return true;
    case '0':
    case 'Escape':
      onReset();
      return true;
    default:
      return false;
  }
}

function instantBeside({ window, cursor, instants }: GestureTargets, direction: -1 | 1, steps: number): number {
  const inside = instants().filter((at) => at >= window.from && at <= window.to);
  const at = cursor.get();
  if (inside.length === 0) return at ?? window.from;
  if (at === undefined) return direction < 0 ? inside.at(-1)! : inside[0]!;
  const next = direction > 0 ? inside.findIndex((i) => i > at) : inside.findLastIndex((i) => i < at);
  if (next < 0) return direction > 0 ? inside.at(-1)! : inside[0]!;
  return inside[Math.min(inside.length - 1, Math.max(0, next + direction * (steps - 1)))]!;
}
