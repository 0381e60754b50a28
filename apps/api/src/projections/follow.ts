import { AppError } from '../http/app-error.ts';
import type { BatchLog, LogEntry } from '../stores/log/batch-log.ts';
import { isPostgresAway } from '../stores/log/postgres-away.ts';
import type { Projection, VehicleEntry } from './projection.ts';
import { understand } from './understand.ts';
import { type InstallationsOf, toVehicleEntries } from './vehicle-entries.ts';

// One step of a projection: read what is new, understand it, say which vehicle it belongs to, apply it in one go with the
// cursor. When that fails for a reason that lies in the data and not in a store that is away, the group is halved until the one
// entry at fault stands alone; that one is set aside with the reason, and everything around it is kept.

export interface FollowDeps {
  readonly log: BatchLog;
  readonly installationsOf: InstallationsOf;
  /** Notes that `projection` could not take the entry at `position`. */
  readonly setAside: (projection: Projection['name'], position: bigint, reason: string) => Promise<void>;
}

const MAX_ENTRIES = 512;
const MAX_READINGS = 20_000;

/** Reads and applies one group after `cursor`; returns the new cursor, the same when there was nothing. */
export async function followOnce(projection: Projection, cursor: bigint, deps: FollowDeps): Promise<bigint> {
  const entries = await deps.log.read(cursor, MAX_ENTRIES);
  const resolved = await resolve(projection, entries, deps);
  let group: VehicleEntry[] = [];
  let readings = 0;
  for (const [i, entry] of entries.entries()) {
    const ours = resolved.get(entry.position) ?? [];
    group.push(...ours);
    readings += ours.reduce((sum, e) => sum + e.readings.length, 0);
    if (readings < MAX_READINGS && i < entries.length - 1) continue;
    await applyOrIsolate(projection, group, entry.position, deps);
    group = [];
    readings = 0;
  }
  return entries.at(-1)?.position ?? cursor;
}

async function resolve(
  projection: Projection,
  entries: readonly LogEntry[],
  { installationsOf, setAside }: FollowDeps,
): Promise<Map<bigint, VehicleEntry[]>> {
  const resolved = new Map<bigint, VehicleEntry[]>();
  if (entries.length === 0) return resolved;
  const installations = await installationsOf([...new Set(entries.map((entry) => entry.boxId))]);
  for (const entry of entries) {
    try {
      resolved.set(entry.position, toVehicleEntries(understand(entry), installations.get(entry.boxId) ?? []));
    } catch (error) {
      await setAside(projection.name, entry.position, reasonOf(error));
    }
  }
  return resolved;
}

async function applyOrIsolate(
  projection: Projection,
  group: readonly VehicleEntry[],
  cursor: bigint,
  deps: FollowDeps,
): Promise<void> {
  try {
    await projection.apply(group, cursor);
    return;
  } catch (error) {
    if (isNotNow(error)) throw error;
    const positions = [...new Set(group.map((e) => e.entry.position))];
    const [only, ...others] = positions;
    if (only === undefined) throw error;
    if (others.length === 0) {
      await deps.setAside(projection.name, only, reasonOf(error));
      await projection.apply([], cursor);
      return;
    }
    const middle = positions[positions.length >> 1] as bigint;
    const before = group.filter((e) => e.entry.position < middle);
    await applyOrIsolate(projection, before, before.at(-1)?.entry.position ?? only, deps);
    await applyOrIsolate(
      projection,
      group.filter((e) => e.entry.position >= middle),
      cursor,
      deps,
    );
  }
}

/** An error that says nothing about the data: the same again later may succeed. */
export function isNotNow(error: unknown): boolean {
  return (
    (error instanceof AppError && ['store_unavailable', 'overloaded'].includes(error.code)) || isPostgresAway(error)
  );
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : 'unknown').slice(0, 500).replaceAll('\u0000', '');
