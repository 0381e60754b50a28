import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { encodeBatch, withSignature } from '@temoin/shared/codec';
import { type Fact, NO_PREVIOUS_HASH, type Reading } from '@temoin/shared/telemetry';
import { nodeCompressor } from '../../../projections/compressor.ts';
import type { LoggableBatch } from '../../../stores/log/batch-log.ts';
import type { Pool } from '../../../stores/postgres/pool.ts';

export interface TestBox {
  readonly boxId: string;
  readonly vehicleId: string;
  readonly label: string;
  /** The next batch of the chain, signed. */
  next(readings: readonly Reading[], facts?: readonly Fact[]): LoggableBatch;
}

export const VIN = (n: number): string => `TEMX${String(n).padStart(13, '0')}`;

/** A vehicle with an enrolled box in the database, and the box's hands: it really signs and chains. */
export async function createTestBox(pool: Pool, n: number): Promise<TestBox> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const label = `TE-${100 + n}-ST`;
  const one = async (sql: string, values: unknown[]) =>
    (await pool.query<{ id: string }>(sql, values)).rows[0]?.id ?? '';
  const organisation = await one(
    `INSERT INTO organisations (name) VALUES ('Assurances du Test') ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id`,
    [],
  );
  const vehicleId = await one('INSERT INTO vehicles (organisation_id, vin, label) VALUES ($1, $2, $3) RETURNING id', [
    organisation,
    VIN(n),
    label,
  ]);
  const boxId = await one('INSERT INTO boxes (organisation_id, public_key_x) VALUES ($1, $2) RETURNING id', [
    organisation,
    publicKey.export({ format: 'jwk' }).x,
  ]);
  await pool.query('INSERT INTO installations (box_id, vehicle_id) VALUES ($1, $2)', [boxId, vehicleId]);
  let seq = 0;
  let previousHash = NO_PREVIOUS_HASH;
  return {
    boxId,
    vehicleId,
    label,
    next(readings, facts = []) {
      const header = {
        boxId,
        boot: 1,
        seq,
        bootAt: 1_750_000_000_000,
        clockTrust: 'gps',
        origin: 'simulated',
        previousHash,
      } as const;
      const signed = encodeBatch({ ...header, readings, facts }, nodeCompressor);
      const body = withSignature(signed, sign(null, signed, privateKey));
      const hash = createHash('sha256').update(body).digest();
      const batch: LoggableBatch = { boxId, boot: 1, seq, hash, form: 'binary', body };
      seq += 1;
      previousHash = hash.toString('hex');
      return batch;
    },
  };
}

/** `count` readings one second apart, beginning with second `from` of an hour in June 2025. */
export function drive(from: number, count: number): Reading[] {
  return Array.from({ length: count }, (_, i) => ({
    at: 1_750_000_000_000 + (from + i) * 1000,
    values: { lat: (48_580 + i) / 1000, lon: 7.75, gpsSpeedKmh: 30 + (i % 7) },
  }));
}
