import type { Locale } from '@temoin/shared/accounts';
import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { type Freshness, type LatestValues, LIVE_FOR_MS } from '@temoin/shared/vehicles';
import { formatNumber, formatQuantity, formatUnit } from '@/lib/format/numbers';
import { formatMoment, formatSpan } from '@/lib/format/times';

// How one metric is shown to people, and which ones first.

/** The order of the list of values; of each inner list the first that the vehicle sends is shown. */
const FIRST: readonly (readonly MetricKey[])[] = [
  ['obdSpeedKmh', 'gpsSpeedKmh'],
  ['rpm'],
  ['engineLoadPct'],
  ['coolantTempC'],
  ['intakePressureKpa'],
  ['batteryVoltageV', 'moduleVoltageV'],
  ['fuelLevelPct', 'stateOfChargePct'],
  ['ambientTempC'],
];
/** Shown on the map or in the facts, not as values. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'lat',
  'lon',
  'milOn',
  'dtcCount',
  'locationOff',
  'fuelType',
  'odometerKm',
]);

const isReceivers = (key: MetricKey): boolean =>
  METRICS[key].group === 'position' && key !== 'altitudeM' && key !== 'gpsSpeedKmh';

/** Which values a vehicle sends, the most telling ones first; `first` = how many of them those are. */
export function shownMetrics(latest: LatestValues | undefined): {
  readonly first: MetricKey[];
  readonly rest: MetricKey[];
} {
  const sent = (Object.keys(METRICS) as MetricKey[]).filter((key) => latest?.[key] !== undefined);
  const first = FIRST.map((choices) => choices.find((key) => sent.includes(key))).filter((key) => key !== undefined);
  const others = sent.filter((key) => !first.includes(key) && !ELSEWHERE.has(key));
  // What describes the receiver rather than the vehicle comes last.
  const rest = [...others.filter((key) => !isReceivers(key)), ...others.filter(isReceivers)];
  const filled = [...first, ...rest.slice(0, Math.max(0, 6 - first.length))];
  return { first: filled, rest: rest.filter((key) => !filled.includes(key)) };
}

/** Metrics that a gauge can show, in the same order, at most seven. */
export const gaugedMetrics = (latest: LatestValues | undefined): MetricKey[] => {
  const { first, rest } = shownMetrics(latest);
  return [...first.filter((key) => key !== 'fuelLevelPct'), 'fuelLevelPct' as const, ...rest]
    .filter((key) => isGauged(key, latest))
    .slice(0, 7);
};

/** Positions are for maps; a second speed beside the car's own says nothing new. */
function isGauged(key: MetricKey, latest: LatestValues | undefined): boolean {
  const { kind, unit, group } = METRICS[key];
  if (latest?.[key] === undefined || kind !== 'number' || unit === '') return false;
  return group !== 'position' || (key === 'gpsSpeedKmh' && latest.obdSpeedKmh === undefined);
}

export const labelOf = (key: MetricKey, locale: Locale): string => METRICS[key].label[locale];

/** Ends of a gauge or bar of this metric. */
export const scaleOf = (key: MetricKey): readonly [number, number] =>
  METRICS[key].gauge ?? [METRICS[key].min, METRICS[key].max];

export interface ValueWords {
  readonly number: string;
  readonly unit: string;
}

/** A value and its unit; switches say yes or no in the words given. */
export function valueWords(
  key: MetricKey,
  value: number,
  locale: Locale,
  switchWords: { on: string; off: string },
): ValueWords {
  const { kind, decimals, unit } = METRICS[key];
  if (kind === 'switch') return { number: value === 0 ? switchWords.off : switchWords.on, unit: '' };
  return { number: formatNumber(value, locale, decimals), unit: formatUnit(unit, locale) };
}

export const quantityOf = (key: MetricKey, value: number, locale: Locale): string =>
  formatQuantity(value, METRICS[key].unit, locale, METRICS[key].decimals);

/** Fresh, in its rhythm, or too old to count as present. */
export function freshnessOfValue(key: MetricKey, ageMs: number): Freshness {
  if (ageMs < LIVE_FOR_MS) return 'live';
  return ageMs <= METRICS[key].freshForMs ? 'expected' : 'late';
}

const TELL_TIME_FROM_MS = 3_600_000;

/** `2 s`, `4 min`; from an hour on the time itself. `at` and `now` in ms UTC. */
export function ageWords(at: number, now: number, locale: Locale, atTime: (time: string) => string): string {
  const ageMs = Math.max(0, now - at);
  return ageMs < TELL_TIME_FROM_MS ? formatSpan(ageMs, locale) : atTime(formatMoment(at, now, locale));
}
