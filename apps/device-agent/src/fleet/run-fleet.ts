import { setMaxListeners } from 'node:events';
import { createSiteClient } from '../uplink/site-client.ts';
import type { FleetPlan } from './plan.ts';
import { type BoxReport, type FleetEvent, runPlannedBox } from './planned-box.ts';

export interface FleetReport {
  readonly startedAt: number;
  readonly endedAt: number;
  /** True when every box did all that was asked of it. */
  readonly complete: boolean;
  readonly boxes: readonly BoxReport[];
}

const ENROLMENTS_AT_ONCE = 4;

/** Many boxes in one process, each with its own folder, through the same code as the one in a car. */
export async function runFleet(
  plan: FleetPlan,
  options: { readonly signal: AbortSignal; readonly say: (event: FleetEvent) => void; readonly agentVersion: string },
): Promise<FleetReport> {
  const startedAt = Date.now();
  // Every box listens for the end of all, several times over.
  setMaxListeners(0, options.signal);
  const client = createSiteClient();
  const enrolInTurn = atMost(ENROLMENTS_AT_ONCE);
  try {
    const boxes = await Promise.all(
      plan.boxes.map((box) => runPlannedBox(box, { ...options, plan, client, enrolInTurn })),
    );
    const complete =
      boxes.every((box) => box.error === undefined && box.batchesRefused === 0) &&
      !(plan.once && options.signal.aborted);
    return { startedAt, endedAt: Date.now(), complete, boxes };
  } finally {
    await client.close();
  }
}

/** Runs what it is given, so many at a time, in order. */
function atMost(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
