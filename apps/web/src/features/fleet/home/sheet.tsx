'use client';
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './sheet.module.css';

export type SheetHeight = 'low' | 'half' | 'full';

const ORDER: readonly SheetHeight[] = ['low', 'half', 'full'];
const LOW_PX = 92;
/** What of the map stays above a full sheet, so that the way back can be seen. */
const TOP_PX = 64;

const HANDLE_PX = 28;

const pxOf = (height: SheetHeight, room: number, contentPx: number | undefined) => {
  if (height === 'low') return LOW_PX;
  if (height === 'full') return room - TOP_PX;
  return contentPx === undefined ? Math.round(room * 0.5) : Math.min(contentPx + HANDLE_PX, Math.round(room * 0.7));
};

interface SheetProps {
  readonly height: SheetHeight;
  readonly onHeight: (height: SheetHeight) => void;
  /** The middle height is that of the content instead of half the screen. */
  readonly fitsContent?: boolean;
  readonly children: ReactNode;
}

/** A sheet at three heights over the map, dragged by its handle or stepped by its button. */
export function Sheet({ height, onHeight, fitsContent = false, children }: SheetProps) {
  const t = useTranslations('fleet.sheet');
  const sheet = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(600);
  const [contentPx, setContentPx] = useState<number>();
  const [dragPx, setDragPx] = useState<number>();
  const drag = useRef<{ startY: number; startPx: number; hasMoved: boolean }>(undefined);

  useEffect(() => {
    const parent = sheet.current?.parentElement;
    if (!parent) return;
    const observer = new ResizeObserver(() => setRoom(parent.clientHeight));
    observer.observe(parent);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const holder = content.current;
    if (!fitsContent || !holder) return setContentPx(undefined);
    const measure = () => setContentPx(holder.firstElementChild?.getBoundingClientRect().height);
    const observer = new MutationObserver(measure);
    observer.observe(holder, { childList: true, subtree: true, characterData: true });
    measure();
    return () => observer.disconnect();
  }, [fitsContent]);

  const shownPx = dragPx ?? pxOf(height, room, contentPx);
  // The map's controls and its view keep clear of the sheet.
  useEffect(() => {
    sheet.current?.parentElement?.style.setProperty(
      '--sheet-visible',
      `${height === 'full' ? Math.round(room * 0.5) : pxOf(height, room, contentPx)}px`,
    );
  }, [height, room, contentPx]);

  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { startY: event.clientY, startPx: shownPx, hasMoved: false };
  };
  const onPointerMove = (event: PointerEvent) => {
    const from = drag.current;
    if (!from) return;
    const moved = from.startY - event.clientY;
    if (Math.abs(moved) > 4) from.hasMoved = true;
    if (from.hasMoved) setDragPx(Math.max(LOW_PX, Math.min(room - TOP_PX, from.startPx + moved)));
  };
  const onPointerUp = () => {
    const from = drag.current;
    drag.current = undefined;
    if (!from?.hasMoved || dragPx === undefined) return;
    setDragPx(undefined);
    onHeight(
      [...ORDER].sort(
        (a, b) => Math.abs(pxOf(a, room, contentPx) - dragPx) - Math.abs(pxOf(b, room, contentPx) - dragPx),
      )[0] ?? 'half',
    );
    suppressClick.current = true;
  };
  const suppressClick = useRef(false);
  const onClick = () => {
    if (suppressClick.current) suppressClick.current = false;
    else onHeight(height === 'full' ? 'low' : (ORDER[ORDER.indexOf(height) + 1] ?? 'full'));
  };
  return (
    <div
      ref={sheet}
      className={classes.sheet}
      style={{ height: shownPx }}
      data-dragging={dragPx !== undefined || undefined}
    >
      <button
        type="button"
        className={classes.handle}
        aria-label={height === 'full' ? t('shrink') : t('grow')}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onClick={onClick}
      />
      <div className={classes.content} ref={content}>
        {children}
      </div>
    </div>
  );
}
