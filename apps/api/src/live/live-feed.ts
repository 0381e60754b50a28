import type { VehicleEntry } from '../projections/projection.ts';
import { understand } from '../projections/understand.ts';
import { type InstallationsOf, toVehicleEntries } from '../projections/vehicle-entries.ts';
import type { BatchLog } from '../stores/log/batch-log.ts';

// Reads the end of the log and hands on what concerns a vehicle. What a screen shows is therefore already stored.

export interface LiveFeedDeps {
  readonly log: BatchLog;
  /** Where to begin: what was before is in the stored states that snapshots are made from. */
  readonly from: bigint;
  readonly installationsOf: InstallationsOf;
  /** Entries of vehicles, in order of the log. When it throws, the same entries come again. */
  readonly onEntries: (entries: readonly VehicleEntry[]) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

export interface LiveFeed {
  /** Everything up to here was handed on. */
  position(): bigint;
  stop(): Promise<void>;
}

const AT_ONCE = 256;
const BACK_OFF_FROM_MS = 100;
const BACK_OFF_TO_MS = 3_000;

/** Follows the log from `from` on; comes back by itself after errors. */
export function startLiveFeed({ log, from, installationsOf, onEntries, onProblem }: LiveFeedDeps): LiveFeed {
  const control = new AbortController();
  const { signal } = control;
  let position = from;
  let backOffMs = BACK_OFF_FROM_MS;

  const step = async () => {
    const entries = await log.read(position, AT_ONCE);
    const last = entries.at(-1);
    if (!last) return log.waitBeyond(position, signal);
    const installations = await installationsOf([...new Set(entries.map((entry) => entry.boxId))]);
    const ours = entries.flatMap((entry) => {
      try {
        return toVehicleEntries(understand(entry), installations.get(entry.boxId) ?? []);
      } catch {
        // The projections set such an entry aside with its reason; here it only has nothing to show.
        return [];
      }
    });
    await onEntries(ours.filter((entry) => entry.vehicleId !== undefined));
    position = last.position;
  };
  const run = async () => {
    while (!signal.aborted) {
      try {
        await step();
        backOffMs = BACK_OFF_FROM_MS;
      } catch (error) {
        if (backOffMs === BACK_OFF_FROM_MS) onProblem(error);
        await new Promise((resolve) => setTimeout(resolve, backOffMs * (0.5 + Math.random())));
        backOffMs = Math.min(backOffMs * 2, BACK_OFF_TO_MS);
      }
    }
  };
  const ended = run();
  return {
    position: () => position,
    async stop() {
      control.abort();
      await ended;
    },
  };
}
