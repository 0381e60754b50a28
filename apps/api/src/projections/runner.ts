import type { Pool } from 'pg';
import type { BatchLog } from '../stores/log/batch-log.ts';
import { orStoreUnavailable } from '../stores/log/postgres-away.ts';
import { followOnce } from './follow.ts';
import type { Projection, ProjectionName } from './projection.ts';
import type { InstallationsOf } from './vehicle-entries.ts';

// Keeps every projection at the end of the log, each in a loop of its own, so that a slow or absent store holds up nobody
// else. States of a loop: following → (error) backing off → following; stopped. Where it stands is in the projection's own
// store, so a killed process simply goes on.

export interface ProjectionStatus {
  readonly name: ProjectionName;
  readonly cursor: bigint;
  /** True when it had read all that there was when it last looked. */
  readonly caughtUp: boolean;
  readonly skipped: number;
  /** Code or text of the error that it is backing off from. */
  readonly problem: string | undefined;
  readonly problemSince: number | undefined;
}

export interface RunnerDeps {
  readonly log: BatchLog;
  readonly pool: Pool;
  readonly installationsOf: InstallationsOf;
  readonly projections: readonly Projection[];
  /** At most one line per problem and projection, never per entry. */
  readonly onProblem?: (name: ProjectionName, error: unknown) => void;
  readonly onSetAside?: (name: ProjectionName, position: bigint, reason: string) => void;
}

export interface ProjectionRunner {
  start(): void;
  stop(): Promise<void>;
  status(): ProjectionStatus[];
  /** Resolves when every projection (or the one named) has applied everything up to `position`; rejects when `signal` aborts. */
  reached(position: bigint, signal: AbortSignal, name?: ProjectionName): Promise<void>;
  /** Drops a projection and reads the log again. Resolves, with both digests, when it has reached today's head. */
  rebuild(name: ProjectionName, signal: AbortSignal): Promise<{ before: string; after: string }>;
}

/** Rest between two groups: while it lasts more comes in, and one larger group costs a store less than many small ones. */
const REST_MS: Readonly<Record<ProjectionName, number>> = { state: 100, facts: 50, ledger: 500, series: 200 };
const BACK_OFF_FROM_MS = 200;
const BACK_OFF_TO_MS = 10_000;

interface Loop {
  readonly projection: Projection;
  status: ProjectionStatus;
  control: AbortController;
  ended: Promise<void>;
}

export function createProjectionRunner(deps: RunnerDeps): ProjectionRunner {
  const progress = new EventTarget();
  const setAside = async (name: ProjectionName, position: bigint, reason: string) => {
    await orStoreUnavailable(() =>
      deps.pool.query(
        'INSERT INTO projection_skipped (projection, position, reason) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [name, position.toString(), reason],
      ),
    );
    const loop = loops.find((l) => l.projection.name === name);
    if (loop) loop.status = { ...loop.status, skipped: loop.status.skipped + 1 };
    deps.onSetAside?.(name, position, reason);
  };
  const follow = { log: deps.log, installationsOf: deps.installationsOf, setAside };

  const loops: Loop[] = deps.projections.map((projection) => ({
    projection,
    status: {
      name: projection.name,
      cursor: 0n,
      caughtUp: false,
      skipped: 0,
      problem: undefined,
      problemSince: undefined,
    },
    control: new AbortController(),
    ended: Promise.resolve(),
  }));

  const run = async (loop: Loop) => {
    const { signal } = loop.control;
    let cursor: bigint | undefined;
    let backOffMs = BACK_OFF_FROM_MS;
    while (!signal.aborted) {
      try {
        cursor ??= await loop.projection.cursor();
        const next = await followOnce(loop.projection, cursor, follow);
        const caughtUp = next === cursor;
        cursor = next;
        backOffMs = BACK_OFF_FROM_MS;
        loop.status = { ...loop.status, cursor, caughtUp, problem: undefined, problemSince: undefined };
        progress.dispatchEvent(new Event('moved'));
        if (caughtUp) await deps.log.waitBeyond(cursor, signal);
        else await sleep(REST_MS[loop.projection.name], signal);
      } catch (error) {
        if (loop.status.problem === undefined) deps.onProblem?.(loop.projection.name, error);
        const problem = error instanceof Error ? ((error as { code?: string }).code ?? error.message) : 'unknown';
        loop.status = {
          ...loop.status,
          caughtUp: false,
          problem,
          problemSince: loop.status.problemSince ?? Date.now(),
        };
        // The store may have kept the group although its answer was lost: ask it where it stands.
        cursor = undefined;
        await sleep(backOffMs * (0.5 + Math.random()), signal);
        backOffMs = Math.min(backOffMs * 2, BACK_OFF_TO_MS);
      }
    }
  };
  const start = (loop: Loop) => {
    loop.control = new AbortController();
    loop.ended = run(loop);
  };
  const stop = async (loop: Loop) => {
    loop.control.abort();
    await loop.ended;
  };
  const reached = async (which: readonly Loop[], position: bigint, signal: AbortSignal) => {
    while (which.some((loop) => loop.status.cursor < position)) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const done = () => {
          progress.removeEventListener('moved', done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        progress.addEventListener('moved', done);
        signal.addEventListener('abort', done);
      });
    }
  };

  return {
    start: () => loops.forEach(start),
    stop: async () => {
      await Promise.all(loops.map(stop));
    },
    status: () => loops.map((loop) => loop.status),
    reached: (position, signal, name) =>
      reached(name ? loops.filter((loop) => loop.projection.name === name) : loops, position, signal),
    async rebuild(name, signal) {
      const loop = loops.find((l) => l.projection.name === name);
      if (!loop) throw new RangeError(`there is no projection ${name} here`);
      await stop(loop);
      try {
        const before = await loop.projection.digest();
        const head = await deps.log.head();
        await loop.projection.reset();
        loop.status = { ...loop.status, cursor: 0n, caughtUp: false };
        start(loop);
        await reached([loop], head, signal);
        return { before, after: await loop.projection.digest() };
      } finally {
        if (loop.control.signal.aborted) start(loop);
      }
    },
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
