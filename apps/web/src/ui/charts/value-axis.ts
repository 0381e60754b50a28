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

/** The ends of the axis: typed bounds as they are, else round values around the extremes, 0 included where it is near. */
export function axisRange(
  extremes: readonly [number, number] | undefined,
  typed: AxisBounds,
  tickCount = 3,
): [number, number] {
  let [low, high] = extremes ?? [0, 1];
  if (low > 0 && low < 0.6 * high) low = 0;
  if (high < 0 && high > 0.6 * low) high = 0;
  if (high - low < 1e-9) {
    const pad = Math.max(Math.abs(high) * 0.1, 1);
    low = low >= 0 ? Math.max(0, low - pad) : low - pad;
    high += pad;
  }
  const step = roundStep((high - low) / tickCount);
  const min = typed.min ?? Math.floor(low / step + 1e-9) * step;
  let max = typed.max ?? Math.ceil(high / step - 1e-9) * step;
  // Typed ends the wrong way round, or equal: the lower one counts and the other gets out of its way.
  if (!(max > min)) max = min + (typed.max === undefined ? step : 1);
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
