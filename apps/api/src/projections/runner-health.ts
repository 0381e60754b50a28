import type { Metrics } from '../http/metrics.ts';
import type { BatchLog } from '../stores/log/batch-log.ts';
import type { ProjectionRunner } from './runner.ts';

/** A store that restarts is back within this; longer is for an operator to look at. */
const PROBLEM_FOR_MS = 30_000;

/** For `/readyz`: throws when a projection has been unable to go on for half a minute, naming which and why. */
export function projectionsCheck(runner: ProjectionRunner, now: () => number = Date.now): () => Promise<void> {
  return async () => {
    const stuck = runner
      .status()
      .filter((s) => s.problemSince !== undefined && now() - s.problemSince > PROBLEM_FOR_MS);
    if (stuck.length > 0) throw new Error(stuck.map((s) => `${s.name}: ${s.problem}`).join('; '));
  };
}

/** For `/metrics`: how far behind the log each projection is (in positions, about entries), what was set aside, who is stuck. */
export function registerProjectionMetrics(
  metrics: Metrics,
  log: Pick<BatchLog, 'head'>,
  runner: ProjectionRunner,
): void {
  const label = ['projection'];
  metrics.gauge('temoin_projection_behind', 'Positions of the log not yet applied', label, async (gauge) => {
    // While the log is away there is nothing true to say; the last figure stands.
    const head = await log.head().catch(() => undefined);
    if (head === undefined) return;
    for (const { name, cursor } of runner.status()) gauge.set({ projection: name }, Math.max(0, Number(head - cursor)));
  });
  metrics.gauge('temoin_projection_skipped', 'Entries set aside since the start of the process', label, (gauge) => {
    for (const { name, skipped } of runner.status()) gauge.set({ projection: name }, skipped);
  });
  metrics.gauge('temoin_projection_problem', '1 while a projection cannot go on', label, (gauge) => {
    for (const { name, problem } of runner.status()) gauge.set({ projection: name }, problem === undefined ? 0 : 1);
  });
}
