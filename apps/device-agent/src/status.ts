import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findIdentity } from './enrolment/identity.ts';
import { openOutbox } from './outbox/outbox.ts';

/** What the box's folder says, read without changing anything; works beside a running agent. */
export interface BoxStatus {
  readonly folder: string;
  readonly boxId: string | undefined;
  readonly vehicleLabel: string | undefined;
  readonly sites: readonly string[];
  readonly boot: number;
  readonly nextSeq: number;
  readonly waitingBatches: number;
  readonly waitingReadings: number;
  readonly outboxBytes: number;
  readonly damagedBytes: number;
  readonly refusedBatches: number;
}

export async function readStatus(folder: string): Promise<BoxStatus> {
  const identity = await findIdentity(folder);
  // Opening checks all segments and writes nothing: a torn end is cut off only by the first append.
  const outbox = await openOutbox({ folder: join(folder, 'outbox') });
  const { batches, readings } = outbox.waiting();
  const refused = await readdir(join(folder, 'refused')).catch(() => []);
  return {
    folder,
    boxId: identity?.boxId,
    vehicleLabel: identity?.vehicleLabel,
    sites: identity?.sites ?? [],
    boot: outbox.head().boot,
    nextSeq: outbox.head().nextSeq,
    waitingBatches: batches,
    waitingReadings: readings,
    outboxBytes: outbox.bytes(),
    damagedBytes: outbox.damagedBytes,
    refusedBatches: refused.filter((name) => name.endsWith('.batch')).length,
  };
}
