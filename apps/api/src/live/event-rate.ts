/** A bucket of tokens: `burst` at once, then `perSecond`. Returns false when one asks too often. */
export function createEventRate(perSecond: number, burst: number, now: () => number = Date.now): () => boolean {
  let tokens = burst;
  let at = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - at) / 1000) * perSecond);
    at = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
