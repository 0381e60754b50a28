// Ages are judged by the server's clock: a phone that is two minutes off would call every vehicle late.

let offsetMs = 0;

/** Notes what the server said the time was, ms UTC, just now. */
export function noteServerTime(serverTime: number): void {
  offsetMs = serverTime - Date.now();
}

/** The server's time now as far as we know, ms UTC. */
export const serverNow = (): number => Date.now() + offsetMs;
