// Copies of the last known state, for when there is no network. They sit in one cache that the service worker answers from,
// hold nothing but answers of the API (never a token), and go when the person signs out.

export const COPIES = 'temoin-copies';
/** Set by whoever stores a copy: when it was made, ms UTC. An answer that carries it did not come from the server now. */
export const COPIED_AT_HEADER = 'x-temoin-copied-at';

/** Keeps `body` as the newest copy of `path`; failing to is no error. */
export async function keepCopy(path: string, body: unknown, copiedAt: number): Promise<void> {
  if (typeof caches === 'undefined') return;
  try {
    const copies = await caches.open(COPIES);
    const headers = { 'content-type': 'application/json', [COPIED_AT_HEADER]: String(copiedAt) };
    await copies.put(path, new Response(JSON.stringify(body), { headers }));
  } catch {
    // Storage full or blocked: the app then simply has no copy.
  }
}

/** When the copy that this answer is was made, or undefined if the server itself answered. */
export function copiedAtOf(response: Response): number | undefined {
  const value = Number(response.headers.get(COPIED_AT_HEADER));
  return value > 0 ? value : undefined;
}

/** Forgets every copy. */
export async function forgetCopies(): Promise<void> {
  if (typeof caches === 'undefined') return;
  await caches.delete(COPIES).catch(() => false);
}
