import type { MetricSeries } from '@temoin/shared/history';
import type { MetricKey } from '@temoin/shared/metrics';
import type { Reading } from '@temoin/shared/telemetry';

/** A reading with what names it for ever. Two readings of one vehicle may share an instant; they stay two. */
export interface StoredReading {
  readonly vehicleId: string;
  readonly boxId: string;
  readonly boot: number;
  readonly seq: number;
  readonly index: number;
  readonly reading: Reading;
}

export interface SeriesRange {
  readonly vehicleId: string;
  /** ms UTC, `from` included, `to` excluded. */
  readonly from: number;
  readonly to: number;
}

/**
 * The time series of all vehicles: a projection of the log, rebuildable at any time.
 *
 * Promises: `append` stores all readings and the new cursor durably, or nothing; appending the same reading again (same
 * vehicle, box, boot, seq, index) leaves one. Order of arrival changes nothing that can be read. Values come back exactly at
 * their metric's resolution. Throws `AppError('store_unavailable')` while the store is away.
 */
export interface SeriesStore {
  readonly kind: 'duckdb' | 'influx';
  /** `cursor` is the log position up to which the store is complete once this resolves. */
  append(readings: readonly StoredReading[], cursor: bigint): Promise<void>;
  cursor(): Promise<bigint>;
  /** At most `points` per metric, with every bucket's minimum and maximum kept and holes reported as gaps. */
  chart(range: SeriesRange, metrics: readonly MetricKey[], points: number): Promise<MetricSeries[]>;
  /**
   * Every reading in order of (at, boot, seq, index, box), streamed. `metrics` limits the columns, absent = all; a reading that
   * has none of them is left out.
   */
  readings(range: SeriesRange, metrics?: readonly MetricKey[]): AsyncIterable<Reading>;
  /** First and last instant and the number of readings; `from`/`to` undefined when there are none. */
  span(vehicleId: string): Promise<{ from?: number; to?: number; readings: number }>;
  /** Per vehicle: how many readings and a digest (hex) that does not depend on the order of arrival or the store's kind. */
  digest(): Promise<{ vehicleId: string; readings: number; digest: string }[]>;
  /** Forgets everything, cursor included. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
