import { startAgent } from '../agent.ts';
import { enrol } from '../enrolment/enrol.ts';
import { findIdentity } from '../enrolment/identity.ts';
import type { AgentEvent } from '../events.ts';
import { createTally, type TallyReport } from '../recordings/tally.ts';
import { trueClock } from '../sensors/clock.ts';
import type { SiteClient } from '../uplink/site-client.ts';
import { makeSensor } from './make-sensor.ts';
import type { FleetPlan, PlannedBox } from './plan.ts';

/** What one box of a fleet amounted to. `readings` + all of `refused` = `rowsRead` for a recording that was read to its end. */
export interface BoxReport extends TallyReport {
  readonly label: string;
  readonly boxId: string | undefined;
  readonly vehicle: Readonly<Record<string, unknown>>;
  /** Batches sealed since the box exists. */
  readonly batches: number;
  /** Readings in them. */
  readonly sealedReadings: number;
  /** Batches that the service will not take, set aside in the box's folder, since this process started. */
  readonly batchesRefused: number;
  /** Why it did not get that far. */
  readonly error?: string;
}

export type FleetEvent = { readonly event: string; readonly label: string; readonly at: number } & Record<
  string,
  unknown
>;

export interface FleetRun {
  readonly plan: FleetPlan;
  readonly client: SiteClient;
  readonly say: (event: FleetEvent) => void;
  /** Ends every box, flushing what is open. */
  readonly signal: AbortSignal;
  readonly agentVersion: string;
  /** Lets a few boxes enrol at a time. */
  readonly enrolInTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

const PROGRESS_EVERY_MS = 1_000;

/** Runs one box until `signal` aborts or, with `once`, until all of its recording is acknowledged. Never throws. */
export async function runPlannedBox(box: PlannedBox, run: FleetRun): Promise<BoxReport> {
  const { plan, client, signal } = run;
  const { label, dir, code, serial, vehicle } = box;
  const sites = plan.sites ?? [plan.site ?? ''];
  const tally = createTally();
  const counts = { acknowledged: 0, refused: 0 };
  const say = (event: string, detail: Record<string, unknown> = {}) =>
    run.say({ event, label, at: Date.now(), ...detail });
  const report = (boxId?: string, batches = 0, sealedReadings = 0, error?: string): BoxReport => ({
    label,
    boxId,
    vehicle,
    batches,
    sealedReadings,
    batchesRefused: counts.refused,
    ...tally.report(),
    ...(error === undefined ? {} : { error }),
  });

  function onEvent(event: AgentEvent): void {
    if (event.kind === 'acknowledged') {
      counts.acknowledged += event.readings;
      return;
    }
    if (event.kind === 'batch_refused') counts.refused += 1;
    const { kind, ...detail } = event;
    say(kind, detail);
  }

  let boxId: string | undefined;
  let failure: string | undefined;
  try {
    const known = await findIdentity(dir);
    if (!known && code === undefined) throw new Error('this box has no identity and no enrolment code');
    const identity =
      known ??
      (await run.enrolInTurn(() =>
        enrol({ folder: dir, sites, code: code ?? '', serial, agentVersion: run.agentVersion, signal }),
      ));
    boxId = identity.boxId;
    if (!known) say('enrolled', { boxId, vehicleLabel: identity.vehicleLabel });
    const agent = await startAgent({
      folder: dir,
      identity,
      sites,
      client,
      limits: { ...plan.batch, maxBytes: 256 * 1024 },
      report(event) {
        if (event.kind === 'sensor_failed') failure = event.message;
        onEvent(event);
      },
      sensors: async (bookmarks) => [await makeSensor(box, bookmarks, trueClock, tally)],
    });
    let last = '';
    const progress = setInterval(() => {
      const { rowsRead, readings } = tally.report();
      const now = {
        rowsRead,
        readings,
        acknowledged: counts.acknowledged,
        waitingBatches: agent.outbox.waiting().batches,
      };
      if (JSON.stringify(now) !== last) say('progress', now);
      last = JSON.stringify(now);
    }, PROGRESS_EVERY_MS);
    const stopping = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      if (plan.once) {
        await Promise.race([agent.sensorsEnded, stopping]);
        if (!signal.aborted) await agent.drained(signal);
      } else await stopping;
    } finally {
      clearInterval(progress);
      await agent.stop();
    }
    const head = agent.outbox.head();
    return report(boxId, head.nextSeq, head.totalReadings, failure);
  } catch (error) {
    say('failed', { message: (error as Error).message, code: (error as { code?: string }).code });
    return report(boxId, 0, 0, (error as Error).message);
  }
}
