import type { ClockTrust, Fact, Origin, Reading } from '@temoin/shared/telemetry';

// The one contract between what measures and the rest of the box. A new sensor is one file that fulfils it and one entry in
// the metric catalogue. A sensor knows nothing of batches, disks or networks; it says what it saw and when it saw it.

/**
 * Where in its source a reading came from (for example the row of a file). It is stored with the batch that carries the
 * reading, so that a source that can be read twice goes on exactly after what is already safe.
 */
export type Bookmark = Readonly<Record<string, string | number | boolean>>;

/** The newest bookmark of each sensor, by the sensor's name. */
export type Bookmarks = Readonly<Record<string, Bookmark>>;

/**
 * What a sensor calls. Awaiting the answer means standing still until there is room (a recording does); a sensor that
 * measures a moving car does not await, and is never held up.
 */
export interface Emit {
  reading(reading: Reading, bookmark?: Bookmark): void | Promise<void>;
  fact(fact: Fact, bookmark?: Bookmark): void | Promise<void>;
}

export interface Sensor {
  /** Short name for logs and status, for example `gps`. */
  readonly name: string;
  /** What a batch of this sensor's readings is called; `measured` when absent. */
  readonly origin?: Origin;
  /** How far the instants of its readings can be trusted; what the box thinks of its own clock when absent. */
  readonly clockTrust?: ClockTrust;
  /**
   * True for a source that waits for as long as it has to: then nothing of it is dropped when the disk is full or the service
   * is away, it is read later instead.
   */
  readonly waits?: boolean;
  /** Runs until its source ends or `signal` aborts (then it resolves). It rejects only for what a restart may mend. */
  run(emit: Emit, signal: AbortSignal): Promise<void>;
}
