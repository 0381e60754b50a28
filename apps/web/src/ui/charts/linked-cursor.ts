// One cursor for all charts, clip and map. Outside React: it moves with the pointer, sixty times a second.

export interface LinkedCursor {
  /** The instant under the cursor, ms UTC, or undefined when nothing is pointed at. */
  get(): number | undefined;
  set(at: number | undefined): void;
  /** Calls back after every change; returns how to stop. */
  subscribe(changed: () => void): () => void;
}

export function createLinkedCursor(): LinkedCursor {
  let at: number | undefined;
  const listeners = new Set<() => void>();
  return {
    get: () => at,
    set(next) {
      if (next === at) return;
      at = next;
      for (const listener of listeners) listener();
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}
