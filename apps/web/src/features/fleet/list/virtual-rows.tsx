'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';

interface VirtualRowsProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly scroller: RefObject<HTMLElement | null>;
  /** The chosen row, brought into view when the choice changes; −1 for none. */
  readonly showIndex: number;
  readonly children: (index: number) => ReactNode;
}

/** Only the rows near the view, for long lists. */
export function VirtualRows({ count, rowHeight, scroller, showIndex, children }: VirtualRowsProps) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const shown = useRef(-1);
  useEffect(() => {
    if (showIndex >= 0 && showIndex !== shown.current) virtual.scrollToIndex(showIndex, { align: 'auto' });
    shown.current = showIndex;
  }, [showIndex, virtual]);
  return (
    <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
      {virtual.getVirtualItems().map((item) => (
        <div
          key={item.index}
          style={{ position: 'absolute', insetInline: 0, transform: `translateY(${item.start}px)` }}
        >
          {children(item.index)}
        </div>
      ))}
    </div>
  );
}
