/** What this browser remembers, or undefined; storage that is full, blocked or absent counts as empty. */
export function readStored(key: string): string | undefined {
  try {
    return globalThis.localStorage?.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers `value`, or forgets the key when undefined; failing to is no error. */
export function writeStored(key: string, value: string | undefined): void {
  try {
    if (value === undefined) globalThis.localStorage?.removeItem(key);
    else globalThis.localStorage?.setItem(key, value);
  } catch {
    // A private window may refuse; the app works without memory.
  }
}
