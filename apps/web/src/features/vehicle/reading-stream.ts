import type { Reading } from '@temoin/shared/telemetry';

/** Readings as they come, for whoever draws them; nothing is kept here. */
export interface ReadingStream {
  push(readings: readonly Reading[]): void;
  /** After a break something may have been missed: whoever draws asks the server again. */
  interrupted(): void;
  subscribe(listener: ReadingListener): () => void;
}

export interface ReadingListener {
  readonly onReadings: (readings: readonly Reading[]) => void;
  readonly onInterrupted?: () => void;
}

export function createReadingStream(): ReadingStream {
  const listeners = new Set<ReadingListener>();
  return {
    push(readings) {
      for (const listener of listeners) listener.onReadings(readings);
    },
    interrupted() {
      for (const listener of listeners) listener.onInterrupted?.();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
