import { createHash } from 'node:crypto';
import type { Fact, JsonReading } from '@temoin/shared/telemetry';
import { understand } from '../projections/understand.ts';
import { type Installation, toVehicleEntries } from '../projections/vehicle-entries.ts';
import type { LogEntry } from '../stores/log/batch-log.ts';

/** A batch in JSON as a test writes it. */
export interface WrittenBatch {
  readonly boxId: string;
  readonly boot?: number;
  readonly seq: number;
  readonly readings?: readonly JsonReading[];
  readonly facts?: readonly Fact[];
  readonly clockTrust?: string;
  readonly origin?: string;
  readonly bootAt?: number;
}

export const NOON = Date.UTC(2026, 5, 1, 12);

/** The batch as a box would send it in JSON, with what names it. */
export function jsonBatch(batch: WrittenBatch) {
  const { boxId, boot = 1, seq, ...rest } = batch;
  const body = Buffer.from(JSON.stringify({ boot, seq, clockTrust: 'gps', ...rest, readings: batch.readings ?? [] }));
  return { boxId, boot, seq, hash: createHash('sha256').update(body).digest(), form: 'json' as const, body };
}

export const logEntry = (batch: WrittenBatch, position: number, receivedAt = NOON): LogEntry => ({
  ...jsonBatch(batch),
  position: BigInt(position),
  receivedAt,
});

export const vehicleEntries = (entry: LogEntry, installations: readonly Installation[]) =>
  toVehicleEntries(understand(entry), installations);
