import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { loadOperatorToken } from '../access/site-keys.ts';
import { buildConfig } from '../config/config.ts';
import { readEnv } from '../config/env.ts';
import { hashPassword } from '../features/accounts/passwords.ts';
import { createLegacyBox, revokeBox } from '../features/boxes/boxes.repository.ts';
import { createEnrolmentCode } from '../features/boxes/enrolment.ts';
import type { Operations } from '../features/operations/operations.ts';
import { createOperationsClient } from '../features/operations/operations-client.ts';
import { createOperations } from '../features/operations/operations-service.ts';
import { AppError } from '../http/app-error.ts';
import { createProjections } from '../projections/all-projections.ts';
import type { Pool } from '../stores/postgres/pool.ts';
import { openScratchSeries, openStores } from './open-stores.ts';
import { findRunningService } from './running-service.ts';

/**
 * The operations of a data folder: through the service that runs on it (two programs cannot have its time series open), else
 * on the stores themselves.
 */
export async function connectOperations(dataFolder: string, version: string): Promise<Operations> {
  const config = buildConfig({ ...readEnv(), TEMOIN_DATA: dataFolder });
  const address = await findRunningService(dataFolder);
  if (address) return createOperationsClient(address, await loadOperatorToken(config.keysFolder));
  if (config.postgres.kind === 'embedded' && !existsSync(config.postgres.folder)) {
    throw new AppError(
      'store_unavailable',
      `There is no Temoin in ${dataFolder}: name its data folder with --data DIR`,
    );
  }
  const stores = await openStores(config);
  const { pool, log, series, projections, runner, close } = stores;
  return createOperations({
    pool,
    log,
    series,
    projections,
    runner,
    version,
    dataFolder,
    createProjections,
    openScratchSeries,
    ...peopleAndBoxes(pool),
    close,
  });
}

/** What operations need of other features. */
export const peopleAndBoxes = (pool: Pool) => ({
  hashPassword,
  createEnrolmentCode: (vehicleId: string) => createEnrolmentCode(pool, vehicleId, undefined, Date.now()),
  createLegacyKey: async (vehicleId: string) => {
    const { rows } = await pool.query<{ vin: string }>('SELECT vin FROM vehicles WHERE id = $1', [vehicleId]);
    const { key } = await createLegacyBox(pool, vehicleId, '');
    // Only for the address: the key alone says which box it is.
    return {
      hashedVin: createHash('sha256')
        .update(rows[0]?.vin ?? '')
        .digest('hex'),
      key,
    };
  },
  revokeBox: (boxId: string) => revokeBox(pool, boxId, 'operator'),
});
