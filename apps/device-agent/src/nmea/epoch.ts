import { KMH_PER_KNOT } from '@temoin/shared/units';
import type { Sentence } from './sentence.ts';

// A receiver says one fix in several sentences. Those with the same time of day belong together; sentences without a time
// (GSA, VTG) belong to the time before them. An epoch ends when a sentence names another time.

const DAY_MS = 86_400_000;

/** One fix, or the word that there is none. Speeds in km/h, angles in degrees, heights in m. */
export interface Fix {
  /** ms UTC; undefined while the receiver has not told the date. */
  readonly at: number | undefined;
  readonly values: {
    lat?: number;
    lon?: number;
    altitudeM?: number;
    gpsSpeedKmh?: number;
    courseDeg?: number;
    satellites?: number;
    hdop?: number;
    vdop?: number;
    pdop?: number;
    /** 1 = no fix, 2 = without height, 3 = with height. */
    fixMode?: number;
  };
}

interface Epoch {
  readonly timeOfDayMs: number;
  /** ms UTC of the day, when a sentence of this epoch told it. */
  day?: number;
  valid: boolean;
  gsaMode?: number;
  values: Fix['values'];
}

/** Joins sentences into fixes: `push` gives the epoch that the sentence ended, `finish` the last one. */
export function createEpochs() {
  let epoch: Epoch | undefined;
  let lastDay: number | undefined;
  let lastTimeOfDayMs = 0;

  function close(): Fix | undefined {
    if (!epoch) return undefined;
    const { timeOfDayMs, values, valid, gsaMode } = epoch;
    let day = epoch.day ?? lastDay;
    // The day of the sentence before, unless midnight has passed between the two.
    if (epoch.day === undefined && day !== undefined && lastTimeOfDayMs - timeOfDayMs > DAY_MS / 2) day += DAY_MS;
    lastDay = day;
    lastTimeOfDayMs = timeOfDayMs;
    epoch = undefined;
    values.fixMode = valid ? Math.max(2, gsaMode ?? (values.altitudeM === undefined ? 2 : 3)) : 1;
    if (!valid) {
      for (const key of ['lat', 'lon', 'altitudeM', 'gpsSpeedKmh', 'courseDeg'] as const) delete values[key];
    }
    return { at: day === undefined ? undefined : day + timeOfDayMs, values };
  }

  function timed(time: string): { ended: Fix | undefined; epoch: Epoch } | undefined {
    const timeOfDayMs = parseTimeOfDay(time);
    if (timeOfDayMs === undefined) return undefined;
    const ended = epoch && epoch.timeOfDayMs !== timeOfDayMs ? close() : undefined;
    epoch ??= { timeOfDayMs, valid: false, values: {} };
    return { ended, epoch };
  }

  return {
    push({ type, fields }: Sentence): Fix | undefined {
      const read = TIMED[type];
      if (read) {
        const found = timed(fields[read.timeField] ?? '');
        if (found) read.into(found.epoch, fields);
        return found?.ended;
      }
      if (epoch) UNTIMED[type]?.(epoch, fields);
      return undefined;
    },
    finish: close,
  };
}

type Reader = (epoch: Epoch, fields: readonly string[]) => void;

const TIMED: Readonly<Record<string, { readonly timeField: number; readonly into: Reader }>> = {
  RMC: {
    timeField: 0,
    into(epoch, f) {
      epoch.day = parseDayMonthYear(f[8] ?? '') ?? epoch.day;
      if (f[1] !== 'A') return;
      putPosition(epoch, f[2], f[3], f[4], f[5]);
      put(epoch, 'gpsSpeedKmh', f[6], KMH_PER_KNOT);
      put(epoch, 'courseDeg', f[7]);
    },
  },
  GGA: {
    timeField: 0,
    into(epoch, f) {
      put(epoch, 'satellites', f[6]);
      put(epoch, 'hdop', f[7]);
      if (!(Number(f[5]) > 0)) return;
      putPosition(epoch, f[1], f[2], f[3], f[4]);
      put(epoch, 'altitudeM', f[8]);
    },
  },
  GNS: {
    timeField: 0,
    into(epoch, f) {
      put(epoch, 'satellites', f[6]);
      put(epoch, 'hdop', f[7]);
      if (!/[^N]/.test(f[5] ?? '')) return;
      putPosition(epoch, f[1], f[2], f[3], f[4]);
      put(epoch, 'altitudeM', f[8]);
    },
  },
  GLL: {
    timeField: 4,
    into(epoch, f) {
      if (f[5] === 'A') putPosition(epoch, f[0], f[1], f[2], f[3]);
    },
  },
  ZDA: {
    timeField: 0,
    into(epoch, f) {
      epoch.day = dayOf(Number(f[3]), Number(f[2]), Number(f[1])) ?? epoch.day;
    },
  },
};

const UNTIMED: Readonly<Record<string, Reader>> = {
  VTG(epoch, f) {
    if (epoch.values.gpsSpeedKmh === undefined) put(epoch, 'gpsSpeedKmh', f[6]);
    if (epoch.values.courseDeg === undefined) put(epoch, 'courseDeg', f[0]);
  },
  GSA(epoch, f) {
    const mode = Number(f[1]);
    // A receiver with several constellations speaks once for each; one with a fix is enough.
    if (mode >= 1 && mode <= 3) epoch.gsaMode = Math.max(mode, epoch.gsaMode ?? 0);
    put(epoch, 'pdop', f[14]);
    put(epoch, 'hdop', f[15]);
    put(epoch, 'vdop', f[16]);
  },
};

function put(epoch: Epoch, key: keyof Fix['values'], text: string | undefined, times = 1): void {
  if (text === undefined || text.trim() === '') return;
  const value = Number(text);
  if (Number.isFinite(value)) epoch.values[key] = value * times;
}

function putPosition(epoch: Epoch, lat = '', northSouth = '', lon = '', eastWest = ''): void {
  const latitude = parseAngle(lat, 2, northSouth === 'S');
  const longitude = parseAngle(lon, 3, eastWest === 'W');
  if (latitude === undefined || longitude === undefined || !/^[NS]$/.test(northSouth) || !/^[EW]$/.test(eastWest))
    return;
  epoch.valid = true;
  // RMC, GGA and GLL may differ in digits written: the longest is the finest, of equals the newest.
  if (epoch.values.lat !== undefined && lat.length < positionDigits(epoch)) return;
  epoch.values.lat = latitude;
  epoch.values.lon = longitude;
  digitsOf.set(epoch, lat.length);
}

const digitsOf = new WeakMap<Epoch, number>();
const positionDigits = (epoch: Epoch): number => digitsOf.get(epoch) ?? 0;

/** Degrees from `ddmm.mmmm` (or `dddmm.mmmm` with three digits of degrees). */
function parseAngle(text: string, degreeDigits: number, negative: boolean): number | undefined {
  if (!/^\d+(\.\d*)?$/.test(text)) return undefined;
  const whole = text.split('.')[0]?.length ?? 0;
  const split = Math.max(0, Math.min(degreeDigits, whole - 2));
  const minutes = Number(text.slice(split));
  if (minutes >= 60) return undefined;
  const degrees = Number(text.slice(0, split) || '0') + minutes / 60;
  return negative ? -degrees : degrees;
}

function parseTimeOfDay(text: string): number | undefined {
  const parts = /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(text.trim());
  if (!parts) return undefined;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (hours > 23 || minutes > 59 || seconds >= 61) return undefined;
  return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}

/** `ddmmyy` with the century that GPS receivers mean: 80–99 are 19xx. */
function parseDayMonthYear(text: string): number | undefined {
  const parts = /^(\d\d)(\d\d)(\d\d)$/.exec(text.trim());
  if (!parts) return undefined;
  const year = Number(parts[3]);
  return dayOf(year >= 80 ? 1900 + year : 2000 + year, Number(parts[2]), Number(parts[1]));
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= 1980 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined;
  const at = Date.UTC(year, month - 1, day);
  return new Date(at).getUTCDate() === day ? at : undefined;
}
