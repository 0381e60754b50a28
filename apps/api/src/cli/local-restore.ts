import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { buildConfig } from '../config/config.ts';
import { readEnv } from '../config/env.ts';
import { checkBackup, restoreTables } from '../features/operations/restore.ts';
import { AppError } from '../http/app-error.ts';
import { openStores } from './open-stores.ts';
import { findRunningService } from './running-service.ts';

const LONGEST_MS = 6 * 3_600_000;

export interface RestoreReport {
  readonly head: string;
  readonly batches: number;
  readonly projections: readonly {
    name: string;
    digest: string;
    expected: string | undefined;
    equal: boolean | undefined;
  }[];
  readonly photosNamed: number;
}

/** Restores `file` into an empty data folder and lets the projections read the log; their digests are compared. */
export async function restoreIntoFolder(
  file: string,
  dataFolder: string,
  progress: (text: string) => void,
): Promise<RestoreReport> {
  if (await findRunningService(dataFolder))
    throw new AppError('conflict', `A Temoin is running on ${dataFolder}: restore into a new folder`);
  if (existsSync(dataFolder) && (await readdir(dataFolder)).length > 0) {
    throw new AppError('conflict', `${dataFolder} is not empty: restore into a new folder with --data DIR`);
  }
  progress('Checking the backup …');
  await checkBackup(file);
  const stores = await openStores(buildConfig({ ...readEnv(), TEMOIN_DATA: dataFolder }));
  try {
    // Whatever the projections have read of an empty log so far, they read the restored one from its beginning.
    await stores.runner.stop();
    progress('Restoring …');
    const manifest = await restoreTables(stores.pool, file);
    progress('Making the projections again …');
    stores.runner.start();
    await stores.runner.reached(BigInt(manifest.head), AbortSignal.timeout(LONGEST_MS));
    const projections = [];
    for (const projection of stores.projections) {
      const digest = await projection.digest();
      const expected = manifest.digests[projection.name];
      projections.push({
        name: projection.name,
        digest,
        expected,
        equal: expected === undefined ? undefined : expected === digest,
      });
    }
    const batches = manifest.sections.find((section) => section.name === 'batch_log')?.rows ?? 0;
    return { head: manifest.head, batches, projections, photosNamed: manifest.blobs.length };
  } finally {
    await stores.close();
  }
}
