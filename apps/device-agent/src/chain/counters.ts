import { join } from 'node:path';
import * as z from 'zod';
import { type Disk, nodeDisk, readSmallFile, replaceFile } from '../outbox/disk.ts';
import type { Outbox } from '../outbox/outbox.ts';

// The two numbers that must never be used twice. `boot` rises at each start and is on disk before anything is sealed with it.
// `seq` is what the newest batch in the outbox says, plus one; only when batches are gone that were already confirmed does the
// high-water mark decide, which is written ahead in blocks: better a hole in the numbers than one number for two batches.

const SavedCounters = z.object({
  boot: z.number().int().min(0),
  /** No number from here on was ever given out. */
  reservedTo: z.number().int().min(0),
});

const BLOCK = 1024;

export interface Counters {
  /** Number of this start. */
  readonly boot: number;
  /** Call before numbers up to `nextSeq` are used; writes only when a block is used up. */
  reserve(nextSeq: number): Promise<void>;
}

/**
 * Begins a new start of the box and lets the outbox's chain go on at a number that was never used. `now` (ms UTC) serves
 * when the counters are lost with everything else: seconds since 1970 are above any number of starts. Throws what the disk throws.
 */
export async function startCounters(
  folder: string,
  outbox: Outbox,
  now: number,
  disk: Disk = nodeDisk,
): Promise<Counters> {
  const path = join(folder, 'counters.json');
  const saved = parse(await readSmallFile(disk, path));
  const head = outbox.head();
  const lastBoot = Math.max(saved?.boot ?? 0, head.boot, saved ? 0 : Math.floor(now / 1000));
  const boot = Math.min(lastBoot + 1, 0xffff_ffff);
  let reservedTo = saved?.reservedTo ?? 0;
  if (outbox.lost || (head.nextSeq === 0 && reservedTo > 0)) outbox.skipTo(reservedTo);
  reservedTo = Math.max(reservedTo, outbox.head().nextSeq + BLOCK);
  await save();

  async function save(): Promise<void> {
    await replaceFile(disk, path, Buffer.from(JSON.stringify({ boot, reservedTo })));
  }

  return {
    boot,
    async reserve(nextSeq) {
      if (nextSeq <= reservedTo) return;
      reservedTo = nextSeq + BLOCK;
      await save();
    },
  };
}

function parse(bytes: Uint8Array | undefined): z.infer<typeof SavedCounters> | undefined {
  if (!bytes) return { boot: 0, reservedTo: 0 };
  try {
    return SavedCounters.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return undefined;
  }
}
