import { BATCH_LIMITS, type ClockTrust, type Fact, type Origin, type Reading } from '@temoin/shared/telemetry';
import type { Bookmarks } from '../sensors/sensor.ts';

// Groups readings into batches. Pure: it owns no timer and reads no clock, so every way in which a batch ends can be tested
// without waiting. A batch ends when it is full, when its oldest reading has waited long enough, when what holds for all of
// it changes (the clock was set, the source is another), or when a fact in it must not wait.

/** What holds for all readings of a batch and travels in its envelope. */
export interface BatchContext {
  readonly bootAt: number;
  readonly clockTrust: ClockTrust;
  readonly origin: Origin;
}

export interface BatcherLimits {
  readonly maxReadings: number;
  /** How long the oldest reading of an open batch may wait, ms. */
  readonly maxAgeMs: number;
  /** Upper bound of the contents before compression, bytes. */
  readonly maxBytes: number;
}

export const BATCHER_DEFAULTS: BatcherLimits = { maxReadings: 600, maxAgeMs: 1000, maxBytes: 256 * 1024 };

export interface ClosedBatch {
  readonly context: BatchContext;
  readonly readings: readonly Reading[];
  readonly facts: readonly Fact[];
  /** Up to where each sensor's source is safe with it. */
  readonly bookmarks: Bookmarks;
}

interface OpenBatch {
  readonly context: BatchContext;
  readonly readings: Reading[];
  readonly facts: Fact[];
  bookmarks: Bookmarks;
  readonly openedMs: number;
  bytes: number;
  factBytes: number;
}

/** Facts that the map or a person waits for. */
const URGENT: ReadonlySet<Fact['kind']> = new Set(['crash', 'harsh_brake', 'faults', 'unplugged', 'location_switch']);

/** Half of what the service takes of facts in one batch. */
const MAX_FACT_BYTES = 32 * 1024;
/** Bytes that a reading cannot exceed in plain columns: its instant and, per value, presence and a number. */
const READING_BYTES = 9;
const VALUE_BYTES = 10;

export type Batcher = ReturnType<typeof createBatcher>;

/** Times are monotonic ms of the caller's clock. Each call gives the batches that it closed, in order. */
export function createBatcher(limits: BatcherLimits = BATCHER_DEFAULTS) {
  const maxReadings = Math.max(1, Math.min(limits.maxReadings, BATCH_LIMITS.readings));
  const maxBytes = Math.min(limits.maxBytes, BATCH_LIMITS.bytes / 2);
  let open: OpenBatch | undefined;

  function take(): ClosedBatch[] {
    const closed = open;
    open = undefined;
    return closed
      ? [{ context: closed.context, readings: closed.readings, facts: closed.facts, bookmarks: closed.bookmarks }]
      : [];
  }

  /** The open batch that takes `bytes` more under `context`, and what had to be closed for it. */
  function roomFor(bytes: number, context: BatchContext, nowMs: number): { batch: OpenBatch; closed: ClosedBatch[] } {
    const fits = open && sameContext(open.context, context) && open.bytes + bytes <= maxBytes;
    const closed = open && (!fits || isOld(nowMs)) ? take() : [];
    open ??= { context, readings: [], facts: [], bookmarks: {}, openedMs: nowMs, bytes: 0, factBytes: 0 };
    open.bytes += bytes;
    return { batch: open, closed };
  }

  const isOld = (nowMs: number): boolean => open !== undefined && nowMs - open.openedMs >= limits.maxAgeMs;

  return {
    add(reading: Reading, context: BatchContext, nowMs: number, bookmarks?: Bookmarks): ClosedBatch[] {
      const bytes = READING_BYTES + VALUE_BYTES * Object.keys(reading.values).length;
      const { batch, closed } = roomFor(bytes, context, nowMs);
      batch.readings.push(reading);
      if (bookmarks) batch.bookmarks = { ...batch.bookmarks, ...bookmarks };
      return batch.readings.length >= maxReadings ? [...closed, ...take()] : closed;
    },

    addFact(fact: Fact, context: BatchContext, nowMs: number, bookmarks?: Bookmarks): ClosedBatch[] {
      const bytes = JSON.stringify(fact).length;
      const { batch, closed } = roomFor(bytes, context, nowMs);
      batch.facts.push(fact);
      batch.factBytes += bytes;
      if (bookmarks) batch.bookmarks = { ...batch.bookmarks, ...bookmarks };
      const full = batch.facts.length >= BATCH_LIMITS.facts || batch.factBytes >= MAX_FACT_BYTES;
      return URGENT.has(fact.kind) || full ? [...closed, ...take()] : closed;
    },

    /** Closes the open batch when it has waited long enough. */
    due: (nowMs: number): ClosedBatch[] => (isOld(nowMs) ? take() : []),
    /** When `due` has something to close; undefined while nothing is open. */
    dueAtMs: (): number | undefined => open && open.openedMs + limits.maxAgeMs,
    /** Closes the open batch whatever its age. */
    flush: (): ClosedBatch[] => take(),
  };
}

const sameContext = (a: BatchContext, b: BatchContext): boolean =>
  a.bootAt === b.bootAt && a.clockTrust === b.clockTrust && a.origin === b.origin;
