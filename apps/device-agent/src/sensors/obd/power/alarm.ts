/**
 * A sign that something happened, which may be wrong: it counts at once, but after false alarms only when a pause has passed
 * that doubles with each. Forgotten after a while without any. Instants are monotonic, in ms.
 */
export function createAlarm(fromMs: number, toMs: number, forgottenMs: number) {
  let falseAlarms = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  const pauseMs = () => (falseAlarms === 0 ? 0 : Math.min(fromMs * 2 ** Math.min(falseAlarms - 1, 20), toMs));
  return {
    counts: (now: number): boolean => now - lastMs >= pauseMs(),
    wasFalse(now: number): void {
      falseAlarms = now - lastMs > forgottenMs ? 1 : falseAlarms + 1;
      lastMs = now;
    },
    wasTrue(): void {
      falseAlarms = 0;
    },
  };
}
