import * as z from 'zod';
import { type Disk, readSmallFile, replaceFile } from './disk.ts';
import type { LogPosition } from './segment-log.ts';

// How far the service has confirmed. The file may lag behind by some seconds: what is sent again for it is answered with
// `duplicate`, while a write after every answer would wear the card out.

const SavedCursor = z.object({
  segment: z.number().int().min(0),
  offset: z.number().int().min(0),
  /** Number after the newest settled batch. */
  nextSeq: z.number().int().min(0),
});

export interface CursorOptions {
  readonly disk: Disk;
  readonly path: string;
  readonly cursorEveryMs?: number;
  readonly monotonicMs?: () => number;
}

const EVERY_MS = 10_000;
const BEGINNING: z.infer<typeof SavedCursor> = { segment: 0, offset: 0, nextSeq: 0 };

/** An absent or damaged file counts as the beginning: then everything still there is sent once more, and nothing is lost. */
export async function createCursor({
  disk,
  path,
  cursorEveryMs = EVERY_MS,
  monotonicMs = () => performance.now(),
}: CursorOptions) {
  let at = parse(await readSmallFile(disk, path));
  let saved = at;
  let savedAtMs = monotonicMs();

  async function save(): Promise<void> {
    if (saved === at) return;
    const saving = at;
    savedAtMs = monotonicMs();
    // A card that takes nothing more costs a repetition after the next start, not this run.
    const done = await replaceFile(disk, path, Buffer.from(JSON.stringify(saving))).then(
      () => true,
      () => false,
    );
    if (done) saved = saving;
  }

  return {
    position: (): LogPosition => at,
    nextSeq: () => at.nextSeq,
    move(to: LogPosition, nextSeq: number): void {
      at = { segment: to.segment, offset: to.offset, nextSeq: Math.max(nextSeq, at.nextSeq) };
    },
    save,
    async saveIfDue(): Promise<void> {
      if (monotonicMs() - savedAtMs >= cursorEveryMs) await save();
    },
  };
}

function parse(bytes: Uint8Array | undefined): z.infer<typeof SavedCursor> {
  if (!bytes) return BEGINNING;
  try {
    return SavedCursor.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return BEGINNING;
  }
}
