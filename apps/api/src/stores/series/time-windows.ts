export const HOUR_MS = 3_600_000;

export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a range (ms, end excluded) at full hours into windows of about `most` readings, given how many each hour since 1970
 * holds; hours without readings cost nothing. An hour is never cut.
 */
export function windowsByCount(
  hours: readonly (readonly [hour: number, readings: number])[],
  range: TimeWindow,
  most: number,
): TimeWindow[] {
  const windows: { from: number; to: number; readings: number }[] = [];
  for (const [hour, readings] of hours) {
    const from = Math.max(range.from, hour * HOUR_MS);
    const to = Math.min(range.to, (hour + 1) * HOUR_MS);
    const open = windows.at(-1);
    if (open && open.readings + readings <= most) {
      open.to = to;
      open.readings += readings;
    } else windows.push({ from, to, readings });
  }
  return windows.map(({ from, to }) => ({ from, to }));
}
