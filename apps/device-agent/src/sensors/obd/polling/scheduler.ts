// What to ask next. Every job has a wanted period; the adapter answers one request at a time and takes as long as it takes,
// which is measured. Earliest deadline first keeps all periods as long as the work fits; when it does not, all periods are
// stretched by the same factor, so that a slow adapter gives everything less often instead of something never.

export interface Job {
  readonly id: string;
  readonly everyMs: number;
}

export type Turn = { readonly id: string } | { readonly waitMs: number };

interface Entry {
  everyMs: number;
  dueMs: number;
  latencyMs: number;
  misses: number;
}

/** Share of the adapter's time that is planned; the rest is for what nobody plans. */
const PLANNED_SHARE = 0.9;
const FIRST_LATENCY_MS = 100;
const LATENCY_WEIGHT = 0.2;
/** After so many failures in a row while others answer, a job is asked ever more rarely. */
const MISSES_BEFORE_REST = 3;
const REST_FROM_MS = 30_000;
const REST_TO_MS = 600_000;

/** A plan for `jobs`; every instant given to it is monotonic, in ms. Ids are unique. */
export function createScheduler(jobs: readonly Job[], nowMs: number) {
  const entries = new Map<string, Entry>();
  for (const job of jobs) add(job);

  function add({ id, everyMs }: Job): void {
    const known = entries.get(id);
    if (known) {
      // A shorter period counts from the last turn, not from a turn that is still far away.
      known.dueMs -= Math.max(0, known.everyMs - everyMs);
      known.everyMs = everyMs;
    } else entries.set(id, { everyMs, dueMs: nowMs, latencyMs: FIRST_LATENCY_MS, misses: 0 });
  }

  const load = () => [...entries.values()].reduce((sum, entry) => sum + entry.latencyMs / periodOf(entry), 0);
  const stretch = () => Math.max(1, load() / PLANNED_SHARE);

  return {
    /** The job whose answer would be late first among those that are due, or how long nothing is. */
    next(now: number): Turn {
      const factor = stretch();
      let best: { id: string; deadline: number } | undefined;
      let earliest = Number.POSITIVE_INFINITY;
      for (const [id, entry] of entries) {
        earliest = Math.min(earliest, entry.dueMs);
        const deadline = entry.dueMs + periodOf(entry) * factor;
        if (entry.dueMs <= now && (!best || deadline < best.deadline)) best = { id, deadline };
      }
      return best ? { id: best.id } : { waitMs: Math.min(earliest - now, 60_000) };
    },

    /** Says that `id` was asked at `startedMs` and done at `now`. */
    done(id: string, startedMs: number, now: number, answered: boolean): void {
      const entry = entries.get(id);
      if (!entry) return;
      entry.latencyMs += (now - startedMs - entry.latencyMs) * LATENCY_WEIGHT;
      entry.misses = answered ? 0 : entry.misses + 1;
      // Periods run from due to due, so that none drifts; who is a whole period late starts anew.
      const periodMs = periodOf(entry) * stretch();
      entry.dueMs = Math.max(entry.dueMs + periodMs, startedMs + periodMs / 2);
    },

    /** Asks `id` as soon as possible. */
    hurry(id: string, now: number): void {
      const entry = entries.get(id);
      if (entry) entry.dueMs = Math.min(entry.dueMs, now);
    },

    /** Forgives all failures, for instance because nobody answered at all. */
    forgive(): void {
      for (const entry of entries.values()) entry.misses = 0;
    },

    set: add,

    /** Share of the adapter's time that the wanted periods would take; above 0.9 they are stretched. */
    load,
  };
}

function periodOf({ everyMs, misses }: Entry): number {
  if (misses < MISSES_BEFORE_REST) return everyMs;
  const restMs = Math.min(REST_FROM_MS * 2 ** Math.min(misses - MISSES_BEFORE_REST, 10), REST_TO_MS);
  return Math.max(everyMs, restMs);
}
