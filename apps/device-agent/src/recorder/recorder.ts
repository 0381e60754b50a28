import type { ClockTrust, Fact } from '@temoin/shared/telemetry';
import { type BatchContext, type BatcherLimits, type ClosedBatch, createBatcher } from '../batching/batcher.ts';
import type { BoxKey } from '../chain/box-key.ts';
import type { Counters } from '../chain/counters.ts';
import { sealBatches } from '../chain/sealer.ts';
import type { Report } from '../events.ts';
import type { Dropped, Outbox } from '../outbox/outbox.ts';
import { OutboxError } from '../outbox/outbox-error.ts';
import type { Clock } from '../sensors/clock.ts';
import type { Bookmark, Emit, Sensor } from '../sensors/sensor.ts';
import { createWake } from '../wake.ts';

// From sensors to disk: readings into batches, batches into the chain, the chain into the outbox. One loop writes, so that
// numbers rise in the order on disk, and whatever closed while one group was being synced makes up the next group.

export interface RecorderOptions {
  readonly boxId: string;
  readonly key: BoxKey;
  readonly counters: Counters;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly report: Report;
  readonly limits?: BatcherLimits;
  /** What the box thinks of its own clock. */
  readonly clockTrust?: () => ClockTrust;
  /** Called when something new is safely on disk. */
  readonly onKept: () => void;
}

const GROUP = 64;
/** Readings that wait in memory for a card that takes nothing: about three hours of 1 Hz with room for OBD. */
const MAX_WAITING_READINGS = 20_000;
/** A source that can wait is let on when fewer than this wait in memory. */
const CALM_READINGS = 4_000;
/** A waiting source lets the rest of the process have a turn after so many readings. */
const YIELD_EVERY = 200;
const RETRY_FROM_MS = 500;
const RETRY_TO_MS = 30_000;
/** A wall clock that moved against the monotonic one by more than this was set. */
const CLOCK_STEP_MS = 1_500;

export type Recorder = ReturnType<typeof createRecorder>;

export function createRecorder(options: RecorderOptions) {
  const { boxId, key, counters, outbox, clock, report, limits, clockTrust = () => 'ntp' as const, onKept } = options;
  const batcher = createBatcher(limits);
  const startedMs = clock.monotonicMs();
  let bootAt = Math.max(0, clock.now());
  const queue: ClosedBatch[] = [];
  let queuedReadings = 0;
  /** The first so many of the queue are on their way to the disk. */
  let beingWritten = 0;
  let diskState: 'ok' | OutboxError['code'] = 'ok';
  let retryMs = RETRY_FROM_MS;
  const work = createWake();
  const waiters = new Set<() => void>();
  /** Batches queued and batches on disk since the start, to know when a flush is done. */
  let queuedCount = 0;
  let keptCount = 0;

  function contextOf(sensor: Pick<Sensor, 'origin' | 'clockTrust'>): BatchContext {
    const assumed = clock.now() - (clock.monotonicMs() - startedMs);
    if (Math.abs(assumed - bootAt) > CLOCK_STEP_MS) bootAt = Math.max(0, Math.round(assumed));
    return { bootAt, clockTrust: sensor.clockTrust ?? clockTrust(), origin: sensor.origin ?? 'measured' };
  }

  function enqueue(closed: readonly ClosedBatch[]): void {
    for (const batch of closed) {
      queue.push(batch);
      queuedReadings += batch.readings.length;
      queuedCount += 1;
    }
    let gone = 0;
    while (queuedReadings > MAX_WAITING_READINGS && queue.length > beingWritten + 1) {
      const oldest = queue.splice(beingWritten, 1)[0]?.readings.length ?? 0;
      queuedReadings -= oldest;
      gone += oldest;
      keptCount += 1;
    }
    if (gone > 0) noteDropped(diskState, { batches: 0, readings: gone, photos: 0 });
    work.wake();
  }

  /** What was given up is said to the service too: in the next batch, as a fact. */
  function noteDropped(reason: string, { readings, photos }: Dropped): void {
    if (readings + photos === 0) return;
    report({ kind: 'dropped', reason, readings, photos });
    const at = clock.now();
    const facts: Fact[] = [];
    if (readings > 0) facts.push({ kind: 'dropped', at, reason, readings });
    if (photos > 0) facts.push({ kind: 'dropped', at, reason: `${reason}_photos`, readings: photos });
    for (const fact of facts) {
      const closed = batcher.addFact(fact, contextOf({}), clock.monotonicMs());
      for (const batch of closed) {
        queue.push(batch);
        queuedReadings += batch.readings.length;
        queuedCount += 1;
      }
    }
  }

  async function keep(group: readonly ClosedBatch[]): Promise<void> {
    const end = outbox.head();
    await counters.reserve(end.nextSeq + group.length);
    const sealed = sealBatches(group, { boxId, boot: counters.boot, key }, end);
    const dropped = await outbox.append(
      sealed.map((bytes, i) => ({
        bytes,
        note: { readings: group[i]?.readings.length ?? 0, bookmarks: group[i]?.bookmarks ?? {} },
      })),
    );
    noteDropped('outbox_full', dropped);
  }

  /** Puts the oldest group on disk; false when the disk did not take it (it stays queued). */
  async function writeGroup(): Promise<boolean> {
    const group = queue.slice(0, GROUP);
    beingWritten = group.length;
    try {
      await keep(group);
    } catch (error) {
      const code = error instanceof OutboxError ? error.code : 'disk_error';
      if (diskState !== code) report({ kind: 'disk', state: code });
      diskState = code;
      return false;
    } finally {
      beingWritten = 0;
    }
    queue.splice(0, group.length);
    for (const { readings } of group) queuedReadings -= readings.length;
    keptCount += group.length;
    if (diskState !== 'ok') report({ kind: 'disk', state: 'ok' });
    diskState = 'ok';
    retryMs = RETRY_FROM_MS;
    for (const waiter of waiters) waiter();
    onKept();
    return true;
  }

  const hasRoom = (): boolean => queuedReadings < CALM_READINGS && outbox.bytes() < outbox.limitBytes / 2;

  /** Resolves when `ready` after something changed here, or when `signal` aborts. */
  async function until(ready: () => boolean, signal: AbortSignal): Promise<void> {
    if (ready() || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!ready() && !signal.aborted) return;
        waiters.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      waiters.add(look);
      signal.addEventListener('abort', look);
    });
  }

  return {
    /** What a sensor is run with. For one that waits, `reading` resolves when there is room for more. */
    emitFor(sensor: Sensor, signal: AbortSignal): Emit {
      let emitted = 0;
      const hold = (): void | Promise<void> => {
        if (!sensor.waits) return undefined;
        emitted += 1;
        if (!hasRoom()) return until(hasRoom, signal);
        // A source that is always ready would otherwise keep the whole process from anything else.
        return emitted % YIELD_EVERY === 0 ? new Promise((resolve) => setImmediate(resolve)) : undefined;
      };
      const opened = batcher.dueAtMs;
      const marked = (bookmark: Bookmark | undefined) => (bookmark ? { [sensor.name]: bookmark } : undefined);
      return {
        reading(reading, bookmark) {
          const wasOpen = opened() !== undefined;
          const closed = batcher.add(reading, contextOf(sensor), clock.monotonicMs(), marked(bookmark));
          if (closed.length > 0) enqueue(closed);
          else if (!wasOpen) work.wake();
          return hold();
        },
        fact(fact, bookmark) {
          enqueue(batcher.addFact(fact, contextOf(sensor), clock.monotonicMs(), marked(bookmark)));
          return hold();
        },
      };
    },

    /** Tells waiting sources that the outbox has become emptier. */
    roomMade(): void {
      for (const waiter of waiters) waiter();
    },

    /** The writing loop; ends when `signal` aborts. What is still open then is for `flush`. */
    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        enqueueDue();
        if (queue.length > 0) {
          if (await writeGroup()) continue;
          await clock.sleep(retryMs, signal);
          retryMs = Math.min(retryMs * 2, RETRY_TO_MS);
          continue;
        }
        const dueAtMs = batcher.dueAtMs();
        await work.wait(clock, dueAtMs === undefined ? 60_000 : Math.max(1, dueAtMs - clock.monotonicMs()), signal);
      }
    },

    /** Closes the open batch and hands it to the writing loop; resolves when all that was emitted before is on disk. */
    async settleDown(signal: AbortSignal): Promise<void> {
      enqueue(batcher.flush());
      const target = queuedCount;
      await until(() => keptCount >= target, signal);
    },

    /** After `run` has ended: puts everything that is left on disk, once. False when the disk did not take it. */
    async flush(): Promise<boolean> {
      enqueue(batcher.flush());
      while (queue.length > 0) if (!(await writeGroup())) return false;
      return true;
    },

    state: () => ({ disk: diskState, queuedReadings }),
  };

  function enqueueDue(): void {
    const closed = batcher.due(clock.monotonicMs());
    if (closed.length > 0) enqueue(closed);
  }
}
