import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Projection, ProjectionName } from '../../projections/projection.ts';
import type { ProjectionRunner } from '../../projections/runner.ts';
import type { BatchLog } from '../../stores/log/batch-log.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import type { SeriesStore } from '../../stores/series/series-store.ts';
import { writeBackup } from './backup.ts';
import { listBoxes, revokeBox } from './boxes.ts';
import { codesFor, ensureVehicles, reportDrive } from './drives.ts';
import { exportReadings } from './export-readings.ts';
import { findVehicle } from './find-vehicle.ts';
import { findKnownBox } from './known-boxes.ts';
import type { Operations, RebuildReport, VerifyReport } from './operations.ts';
import { countSkipped, overview, statusOf } from './projection-status.ts';
import { replayApart } from './replay-apart.ts';
import { addUser, audit, changeUser, listUsers } from './users.ts';
import { verifyLog } from './verify-log.ts';

export interface OperationsDeps {
  readonly pool: Pool;
  readonly log: BatchLog;
  readonly series: SeriesStore;
  readonly projections: readonly Projection[];
  readonly runner: Pick<ProjectionRunner, 'reached' | 'rebuild'>;
  readonly version: string;
  readonly dataFolder: string;
  /** Fresh projections on other stores, of the same make as those in use. */
  readonly createProjections: (pool: Pool, series: SeriesStore) => readonly Projection[];
  readonly openScratchSeries: (file: string) => Promise<SeriesStore>;
  readonly hashPassword: (password: string) => Promise<string>;
  readonly createEnrolmentCode: (vehicleId: string) => Promise<{ code: string; expiresAt: number }>;
  readonly createLegacyKey: (vehicleId: string) => Promise<{ hashedVin: string; key: string }>;
  readonly revokeBox: (boxId: string) => Promise<void>;
  /** Ends what was opened for these operations alone. */
  readonly close?: () => Promise<void>;
}

const LONGEST_WORK_MS = 6 * 3_600_000;
/** How long a check waits for projections that are still reading. */
const CATCH_UP_MS = 60_000;

/** The operations on the stores of this process. */
export function createOperations(deps: OperationsDeps): Operations {
  const { pool, log, series, projections, runner, version } = deps;

  const verify = async (deep: boolean): Promise<VerifyReport> => {
    const report = await verifyLog({ log, findBox: (boxId) => findKnownBox(pool, boxId) });
    const head = BigInt(report.head);
    await runner.reached(head, AbortSignal.timeout(CATCH_UP_MS)).catch(() => undefined);
    const replayed = deep ? await digestsSideBySide(deps) : undefined;
    const checked = await Promise.all(
      projections.map(async (projection) => {
        const status = await statusOf(pool, log, projection);
        const digest = replayed?.inUse[projection.name] ?? (await projection.digest());
        const fresh = replayed?.fresh[projection.name];
        const skipped = await countSkipped(pool, projection.name);
        return {
          ...status,
          digest,
          ...(fresh !== undefined && { replayed: fresh }),
          skipped,
          ok: skipped === 0 && (fresh ?? digest) === digest,
        };
      }),
    );
    const chained = report.boxes.every((box) => box.broken.length === 0 && box.repeated.length === 0);
    return {
      ok: report.problemCount === 0 && chained && checked.every(({ ok }) => ok),
      log: {
        ...report,
        problems: [...report.problems],
        boxes: report.boxes.map((box) => ({
          ...box,
          holes: [...box.holes],
          broken: [...box.broken],
          repeated: [...box.repeated],
        })),
      },
      projections: checked,
    };
  };

  const rebuild = async (name: ProjectionName): Promise<RebuildReport> => {
    const startedAt = Date.now();
    const signal = AbortSignal.timeout(LONGEST_WORK_MS);
    const projection = projections.find((candidate) => candidate.name === name);
    const head = await log.head();
    // A projection that still reads would differ for no other reason than that.
    await runner.reached(head, AbortSignal.timeout(CATCH_UP_MS)).catch(() => undefined);
    const from = await projection?.cursor();
    const { before, after } = await runner.rebuild(name, signal);
    const stoodStill = from === head && (await log.head()) === head;
    const { rows } = await pool.query<{ entries: string }>(
      'SELECT count(*) AS entries FROM batch_log WHERE position <= $1',
      [head.toString()],
    );
    await audit(pool, 'projection.rebuild', name, { before, after });
    const equal = before === after ? true : stoodStill ? false : undefined;
    const entries = Number(rows[0]?.entries ?? 0);
    return {
      projection: name,
      entries,
      before,
      after,
      ...(equal !== undefined && { equal }),
      durationMs: Date.now() - startedAt,
    };
  };

  return {
    status: () => overview(pool, log, projections, version),
    verify: ({ deep }) => verify(deep),
    rebuild,
    async *exportReadings({ vehicle, from, to, format }) {
      const { id } = await findVehicle(pool, vehicle);
      yield* exportReadings(series, id, { from, to }, format ?? 'csv');
    },
    listUsers: () => listUsers(pool),
    addUser: (user) => addUser(deps, user),
    changeUser: (change) => changeUser(deps, change),
    listBoxes: () => listBoxes(pool),
    async createBoxCode(text) {
      const vehicle = await findVehicle(pool, text);
      return { vehicle: vehicle.label, ...(await deps.createEnrolmentCode(vehicle.id)) };
    },
    async createLegacyKey(text) {
      const vehicle = await findVehicle(pool, text);
      return { vehicle: vehicle.label, ...(await deps.createLegacyKey(vehicle.id)) };
    },
    revokeBox: (boxOrVehicle) => revokeBox(pool, boxOrVehicle, deps.revokeBox),
    prepareVehicles: async (labels) => codesFor(await ensureVehicles(pool, labels), labels, deps.createEnrolmentCode),
    async reportDrives(labels) {
      const reports = [];
      for (const label of labels) reports.push(await reportDrive(pool, series, label));
      return reports;
    },
    backup: () => pipeline(writeBackup({ pool, log, projections, version }), createGzip(), () => undefined),
    close: async () => deps.close?.(),
  };
}

/**
 * Digests of the projections in use and of fresh ones, at the same position. Entries that arrive meanwhile would make them
 * differ, so the projections in use are looked at when they stand at the position replayed, with some patience.
 */
async function digestsSideBySide(deps: OperationsDeps) {
  const { log, pool, projections, runner, dataFolder, createProjections, openScratchSeries } = deps;
  const scratchFolder = join(dataFolder, 'tmp');
  for (let attempt = 0; ; attempt++) {
    const head = await log.head();
    await runner.reached(head, AbortSignal.timeout(CATCH_UP_MS)).catch(() => undefined);
    const inUse: Partial<Record<ProjectionName, string>> = {};
    let stoodStill = true;
    for (const projection of projections) {
      inUse[projection.name] = await projection.digest();
      stoodStill &&= (await projection.cursor()) === head;
    }
    if (!stoodStill && attempt < 20) continue;
    // Batches keep coming faster than they can be compared: then nothing is claimed.
    if (!stoodStill) return { inUse, fresh: {} as Partial<Record<ProjectionName, string>> };
    return {
      inUse,
      fresh: await replayApart({ log, pool, scratchFolder, createProjections, openScratchSeries }, head),
    };
  }
}
