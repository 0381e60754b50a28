// The vertical axis: round ends around what is shown, unless a person typed them.

export interface AxisBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** A step of 1, 2, 2.5 or 5 × 10ⁿ that is at least `raw`. */
export function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].find((n) => n * power >= raw * (1 - 1e-9)) ?? 10;
  return step * power;
}

/**
 * The ends of the axis: typed bounds as they are, else round values close around the extremes, 0 included where it is near.
 * `leastSpan` keeps small noise from filling the whole height.
 */
export function axisRange(
  extremes: readonly [number, number] | undefined,
  typed: AxisBounds,
  tickCount = 3,
  leastSpan = 0,
): [number, number] {
  let [low, high] = extremes ?? [0, 1];
  if (high - low < leastSpan) {
    const middle = (low + high) / 2;
    const from = middle - leastSpan / 2;
    // Widening does not take a quantity that is never negative below zero.
    low = low >= 0 ? Math.max(0, from) : from;
    high = Math.max(high, low + leastSpan);
  }
  if (low > 0 && low < 0.3 * high) low = 0;
  if (high < 0 && high > 0.3 * low) high = 0;
  if (high - low < 1e-9) {
    const pad = Math.max(Math.abs(high) * 0.1, 1);
    low = low >= 0 ? Math.max(0, low - pad) : low - pad;
    high += pad;
  }
  // Ends on quarters of a tick's step: round enough to read, close enough to use the height.
  const grain = roundStep((high - low) / tickCount) / 4;
  const min = typed.min ?? Math.floor(low / grain + 1e-9) * grain;
  let max = typed.max ?? Math.ceil(high / grain - 1e-9) * grain;
  // Typed ends the wrong way round, or equal: the lower one counts and the other gets out of its way.
  if (!(max > min)) max = min + (typed.max === undefined ? 4 * grain : 1);
  return [min, max];
}

/** Ticks on round values between the ends, about `count` of them. */
export function axisTicks(min: number, max: number, count = 3): number[] {
  const step = roundStep((max - min) / count);
  const ticks: number[] = [];
  for (let n = Math.ceil(min / step - 1e-9); n * step <= max + step * 1e-9; n += 1)
    ticks.push(Number((n * step).toPrecision(12)));
  return ticks;
}

/** Decimals that a tick needs so that neighbours differ. */
export function tickDecimals(ticks: readonly number[]): number {
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : 1;
  for (let decimals = 0; decimals < 4; decimals += 1) {
    if (Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6) return decimals;
  }
  return 4;
}

/** A bound as typed (comma or point); undefined for nothing or no number. */
export function parseBound(text: string): number | undefined {
  const cleaned = text
    .trim()
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(',', '.')
    .replace('−', '-');
  if (cleaned === '') return undefined;
  const value = Number(cleaned);
  return Number.isFinite(value) ? value : undefined;
}
