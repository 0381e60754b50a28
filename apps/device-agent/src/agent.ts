import { join } from 'node:path';
import { BATCHER_DEFAULTS, type BatcherLimits } from './batching/batcher.ts';
import { loadOrMakeKey } from './chain/box-key.ts';
import { startCounters } from './chain/counters.ts';
import type { Identity } from './enrolment/identity.ts';
import type { Report } from './events.ts';
import { lockFolder } from './folder-lock.ts';
import { type Disk, nodeDisk } from './outbox/disk.ts';
import { openOutbox } from './outbox/outbox.ts';
import { createRecorder } from './recorder/recorder.ts';
import { type Clock, trueClock } from './sensors/clock.ts';
import type { Bookmarks, Sensor } from './sensors/sensor.ts';
import type { CommandHandler } from './uplink/commands.ts';
import { createRefusedFolder } from './uplink/refused-folder.ts';
import type { SiteClient } from './uplink/site-client.ts';
import { createUplink } from './uplink/uplink.ts';

// One box: its parts in the order in which they start. They stop in reverse: first no more readings, then what is open goes
// to disk, then the uplink ends its upload. What was not sent then is sent after the next start.

export interface AgentOptions {
  readonly folder: string;
  readonly identity: Identity;
  /** In place of the identity's, first choice first. */
  readonly sites?: readonly string[];
  /** Made when it is known up to where their sources are safe on disk. */
  readonly sensors: (bookmarks: Bookmarks) => readonly Sensor[] | Promise<readonly Sensor[]>;
  readonly client: SiteClient;
  readonly report: Report;
  readonly limits?: BatcherLimits;
  readonly outboxLimitBytes?: number;
  readonly onCommand?: CommandHandler;
  readonly clock?: Clock;
  readonly disk?: Disk;
  readonly random?: () => number;
}

export type Agent = Awaited<ReturnType<typeof startAgent>>;

const RESTART_FROM_MS = 1_000;
const RESTART_TO_MS = 60_000;

/** Starts a box. Throws when its folder cannot be used at all; whatever happens later is reported and survived. */
export async function startAgent(options: AgentOptions) {
  const { folder, identity, client, report, limits = BATCHER_DEFAULTS, clock = trueClock, disk = nodeDisk } = options;
  const { boxId } = identity;
  const unlock = await lockFolder(folder);
  const closing: (() => Promise<unknown>)[] = [unlock];
  try {
    const key = await loadOrMakeKey(folder, disk);
    const outbox = await openOutbox({
      folder: join(folder, 'outbox'),
      disk,
      monotonicMs: clock.monotonicMs,
      ...(options.outboxLimitBytes ? { limitBytes: options.outboxLimitBytes } : {}),
    });
    closing.push(() => outbox.close());
    const { tornBytes, damagedBytes, lost } = outbox;
    if (tornBytes + damagedBytes > 0 || lost) report({ kind: 'outbox_damaged', tornBytes, damagedBytes, lost });
    const counters = await startCounters(folder, outbox, clock.now(), disk);
    report({ kind: 'started', boxId, boot: counters.boot, waitingBatches: outbox.waiting().batches });

    const idleWaiters = new Set<() => void>();
    const uplink = createUplink({
      boxId,
      key,
      sites: options.sites ?? identity.sites,
      outbox,
      client,
      refusedFolder: createRefusedFolder(join(folder, 'refused'), disk),
      clock,
      report,
      onSettled() {
        recorder.roomMade();
        for (const look of idleWaiters) look();
      },
      ...(options.onCommand ? { onCommand: options.onCommand } : {}),
      ...(options.random ? { random: options.random } : {}),
    });
    const recorder = createRecorder({ boxId, key, counters, outbox, clock, report, limits, onKept: uplink.wake });

    const recording = new AbortController();
    const sending = new AbortController();
    const sensing = new AbortController();
    const recordingEnded = recorder.run(recording.signal);
    const sendingEnded = uplink.run(sending.signal);
    uplink.wake();
    const sensors = await options.sensors(outbox.head().bookmarks);
    const sensorsEnded = Promise.all(sensors.map((sensor) => supervise(sensor, sensing.signal)));

    async function supervise(sensor: Sensor, signal: AbortSignal): Promise<void> {
      for (let waitMs = RESTART_FROM_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, RESTART_TO_MS)) {
        try {
          await sensor.run(recorder.emitFor(sensor, signal), signal);
          report({ kind: 'sensor_ended', sensor: sensor.name });
          return;
        } catch (error) {
          report({ kind: 'sensor_failed', sensor: sensor.name, message: (error as Error).message });
          // A recording that cannot be read now is read again at the next start, from where it is safe.
          if (sensor.waits) return;
          await clock.sleep(waitMs, signal);
        }
      }
    }

    let stopped: Promise<void> | undefined;
    return {
      boxId,
      counters,
      outbox,
      /** Resolves when every sensor's source has ended. */
      sensorsEnded,
      state: () => ({ ...uplink.state(), ...recorder.state(), waiting: outbox.waiting() }),

      /** Resolves when all that was emitted so far is on disk and acknowledged (or set aside), or when `signal` aborts. */
      async drained(signal: AbortSignal): Promise<void> {
        await recorder.settleDown(signal);
        await new Promise<void>((resolve) => {
          const look = () => {
            if (outbox.waiting().batches > 0 && !signal.aborted) return;
            idleWaiters.delete(look);
            signal.removeEventListener('abort', look);
            resolve();
          };
          idleWaiters.add(look);
          signal.addEventListener('abort', look);
          look();
        });
      },

      /** Puts what is open on disk, ends the upload under way and lets the folder go. May be called twice. */
      stop(): Promise<void> {
        stopped ??= (async () => {
          sensing.abort();
          await sensorsEnded;
          recording.abort();
          await recordingEnded;
          await recorder.flush();
          sending.abort();
          await sendingEnded;
          for (const close of closing.reverse()) await close();
        })();
        return stopped;
      },
    };
  } catch (error) {
    for (const close of closing.reverse()) await close().catch(() => undefined);
    throw error;
  }
}
