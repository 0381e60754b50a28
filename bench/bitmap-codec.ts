import { METRIC_KEYS, METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';

/**
 * The rival of the codec benchmark: the method of an earlier machine-over-4G system. Per record a bitmap says which fields
 * changed since the record before, then those values at 8, 16 or 32 bits, here already as whole steps of the same resolution.
 * A field that vanishes counts as changed and takes the widest form's lowest number.
 */
export function encodeBitmap(readings: readonly Reading[]): Uint8Array {
  const fields = METRIC_KEYS.filter((key) => readings.some((reading) => reading.values[key] !== undefined));
  const width = new Map(fields.map((key) => [key, widthOf(readings, key)]));
  const out: number[] = [];
  let before: Reading | undefined;
  for (const reading of readings) {
    push(out, reading.at - (before?.at ?? reading.at), 4);
    const changed = fields.map((key) => reading.values[key] !== before?.values[key]);
    for (let i = 0; i < fields.length; i += 8)
      out.push(changed.slice(i, i + 8).reduce((byte, bit, n) => byte | (bit ? 1 << n : 0), 0));
    fields.forEach((key, i) => {
      if (changed[i]) push(out, stepsOf(reading, key), width.get(key) ?? 4);
    });
    before = reading;
  }
  return Uint8Array.from(out);
}

const ABSENT = -(2 ** 31);
const stepsOf = (reading: Reading, key: MetricKey): number => {
  const value = reading.values[key];
  return value === undefined ? ABSENT : Math.round(value * METRICS[key].scale);
};

function widthOf(readings: readonly Reading[], key: MetricKey): number {
  const largest = Math.max(
    ...readings.map((reading) => (reading.values[key] === undefined ? 0 : Math.abs(stepsOf(reading, key)))),
  );
  return largest < 128 ? 1 : largest < 32_768 ? 2 : 4;
}

function push(out: number[], value: number, bytes: number): void {
  for (let i = 0; i < bytes; i += 1) out.push((value >> (8 * i)) & 0xff);
}
