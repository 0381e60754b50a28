import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openBatch } from '@temoin/shared/codec';
import type { BatchHeader } from '@temoin/shared/telemetry';
import { createCursor } from './cursor.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { BatchNote, ChainHead, decodeEntry, encodeEntry } from './entry.ts';
import { OutboxError, toOutboxError } from './outbox-error.ts';
import { type LogPosition, openSegmentLog } from './segment-log.ts';

// What the box has measured and the service has not yet confirmed. Two lanes of segments, batches and photos, under one limit
// of bytes: when it is reached the oldest photos go first, and batches only when there is no photo left.
// The state of the chain is not kept beside the batches but is what the newest of them says, so that the two cannot differ.

export interface OutboxOptions {
  readonly folder: string;
  readonly disk?: Disk;
  readonly limitBytes?: number;
  readonly segmentBytes?: number;
  /** How long the cursor may lag behind on disk; what is sent twice for it is recognised by the service. */
  readonly cursorEveryMs?: number;
  readonly monotonicMs?: () => number;
}

export interface NewBatch {
  readonly bytes: Uint8Array;
  readonly note: BatchNote;
}

export interface WaitingBatch {
  readonly bytes: Uint8Array;
  readonly header: BatchHeader;
  /** SHA-256 of the bytes, hex: what an acknowledgement has to name. */
  readonly hash: string;
  readonly readings: number;
  /** Where the log goes on behind it. */
  readonly next: LogPosition;
}

/** What had to be given up for want of room. */
export interface Dropped {
  readonly batches: number;
  readonly readings: number;
  readonly photos: number;
}

export const OUTBOX_LIMIT_BYTES = 256 * 1024 * 1024;
const SEGMENT_BYTES = 1024 * 1024;
/** What a record needs beside its payload. */
const RECORD_ROOM_BYTES = 64;

export type Outbox = Awaited<ReturnType<typeof openOutbox>>;

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Opens the outbox, checks all of it, and finds where the chain and the uplink stand. Throws `OutboxError`. */
export async function openOutbox(options: OutboxOptions) {
  const { folder, disk = nodeDisk, limitBytes = OUTBOX_LIMIT_BYTES, segmentBytes = SEGMENT_BYTES } = options;
  let head = ChainHead.parse({});
  let photosWaiting = 0;
  /** Waiting batches and readings of each segment, for the account of what is dropped. */
  const waiting = new Map<number, { batches: number; readings: number }>();
  await disk.makeFolder(folder).catch((error) => {
    throw toOutboxError(error);
  });
  const cursor = await createCursor({ ...options, disk, path: join(folder, 'cursor') });

  const count = (segment: number, batches: number, readings: number): void => {
    const sums = waiting.get(segment) ?? { batches: 0, readings: 0 };
    waiting.set(segment, { batches: sums.batches + batches, readings: sums.readings + readings });
  };

  const batches = await openSegmentLog({
    disk,
    folder: join(folder, 'batches'),
    segmentBytes,
    checkpoint: () => encodeEntry('checkpoint', head),
    onRecord(payload, end) {
      const entry = decodeEntry(payload);
      if (entry?.kind === 'checkpoint') head = ChainHead.catch(head).parse(entry.note);
      const header = entry?.kind === 'batch' && headerOf(entry.body);
      if (!header) return;
      const note = BatchNote.catch({ readings: 0, bookmarks: {} }).parse(entry.note);
      head = headAfter(header, entry.body, note);
      if (isBehind(end, cursor.position())) count(end.segment, 1, note.readings);
    },
  });
  const photos = await openSegmentLog({
    disk,
    folder: join(folder, 'photos'),
    segmentBytes,
    checkpoint: () => encodeEntry('checkpoint', {}),
    onRecord(payload) {
      if (decodeEntry(payload)?.kind === 'photo') photosWaiting += 1;
    },
  });
  /** The card confirmed batches that are no longer there, and the service has some of them: their numbers are used up. */
  const lost = cursor.nextSeq() > head.nextSeq || isBehind(cursor.position(), batches.end());
  if (isBehind(cursor.position(), batches.end())) cursor.move(batches.end(), head.nextSeq);

  function headAfter(header: BatchHeader, body: Uint8Array, note: BatchNote): ChainHead {
    return {
      boot: header.boot,
      nextSeq: header.seq + 1,
      previousHash: hashOf(body),
      totalReadings: head.totalReadings + note.readings,
      bookmarks: { ...head.bookmarks, ...note.bookmarks },
    };
  }

  const totals = () => {
    const sum = { batches: 0, readings: 0 };
    for (const part of waiting.values()) {
      sum.batches += part.batches;
      sum.readings += part.readings;
    }
    return sum;
  };

  /** Gives up the oldest photos: a whole segment of them, since segments are never written again. */
  async function dropPhotos(): Promise<number> {
    const oldest = photos.segments[0];
    if (!oldest) return 0;
    const { records } = await photos.read({ segment: oldest.number, offset: 0 }, Number.POSITIVE_INFINITY);
    await photos.removeOldest(true);
    const gone = records.filter((record) => decodeEntry(record.payload)?.kind === 'photo').length;
    photosWaiting -= gone;
    return gone;
  }

  /** Gives up the oldest batches; false when there is nothing left to give up. */
  async function dropBatches(into: { batches: number; readings: number }): Promise<boolean> {
    if (batches.segments.length === 1) {
      if (totals().batches === 0 && batches.bytes() <= segmentBytes / 2) return false;
      await batches.rotate();
    }
    const oldest = batches.segments[0];
    if (!oldest || batches.segments.length < 2) return false;
    const gone = waiting.get(oldest.number);
    await batches.removeOldest();
    waiting.delete(oldest.number);
    const first = batches.segments[0]?.number ?? 0;
    if (cursor.position().segment < first) cursor.move({ segment: first, offset: 0 }, cursor.nextSeq());
    into.batches += gone?.batches ?? 0;
    into.readings += gone?.readings ?? 0;
    return true;
  }

  /** Removes the oldest, photos first, until `bytes` more fit. */
  async function makeRoom(bytes: number): Promise<Dropped> {
    const dropped = { batches: 0, readings: 0, photos: 0 };
    while (batches.bytes() + photos.bytes() + bytes > limitBytes) {
      if (photosWaiting > 0) dropped.photos += await dropPhotos();
      else if (!(await dropBatches(dropped))) break;
    }
    return dropped;
  }

  return {
    /** Where the chain stands after the newest batch on disk. */
    head: (): Readonly<ChainHead> => head,
    tornBytes: batches.tornBytes,
    damagedBytes: batches.damagedBytes,
    lost,
    limitBytes,
    bytes: () => batches.bytes() + photos.bytes(),
    waiting: totals,
    photosWaiting: () => photosWaiting,

    /**
     * Keeps batches, in order, in one group: on the medium when it resolves. Throws `OutboxError`; then none is kept and the
     * same may be tried again. Says what had to be dropped to make room.
     */
    async append(group: readonly NewBatch[]): Promise<Dropped> {
      const payloads = group.map(({ bytes, note }) => encodeEntry('batch', note, bytes));
      const dropped = await makeRoom(payloads.reduce((sum, payload) => sum + payload.length + RECORD_ROOM_BYTES, 0));
      const { ends, photos: photosGone } = await appendOrDropPhotos(payloads);
      group.forEach(({ bytes, note }, i) => {
        const header = headerOf(bytes);
        if (header) head = headAfter(header, bytes, note);
        count(ends[i]?.segment ?? 0, 1, note.readings);
      });
      return { ...dropped, photos: dropped.photos + photosGone };
    },

    /** Lets the next batch have number `nextSeq`, when those before it may have been used already. */
    skipTo(nextSeq: number): void {
      if (nextSeq > head.nextSeq) head = { ...head, nextSeq };
    },

    async appendPhoto(bytes: Uint8Array, note: object): Promise<Dropped> {
      const payload = encodeEntry('photo', note, bytes);
      const dropped = await makeRoom(payload.length + RECORD_ROOM_BYTES);
      await photos.append([payload]);
      photosWaiting += 1;
      return dropped;
    },

    /** The oldest batches that are not settled, in order; at least one if there is one. */
    async peek(maxBatches: number, maxBytes: number): Promise<WaitingBatch[]> {
      const found: WaitingBatch[] = [];
      let from = cursor.position();
      let left = maxBytes;
      while (found.length < maxBatches && (left > 0 || found.length === 0)) {
        const { records, segment, next } = await batches.read(from, left);
        for (const record of records) {
          const entry = decodeEntry(record.payload);
          if (entry?.kind !== 'batch' || found.length >= maxBatches) continue;
          if (found.length > 0 && entry.body.length > left) return found;
          const header = headerOf(entry.body);
          if (!header) continue;
          left -= entry.body.length;
          found.push({
            bytes: entry.body,
            header,
            hash: hashOf(entry.body),
            readings: BatchNote.catch({ readings: 0, bookmarks: {} }).parse(entry.note).readings,
            next: { segment, offset: record.end },
          });
        }
        if (next.segment === from.segment && next.offset === from.offset) break;
        from = next;
      }
      return found;
    },

    /** Forgets `done`, which must be the first batches of the last `peek`. */
    async settle(done: readonly WaitingBatch[]): Promise<void> {
      const last = done.at(-1);
      if (!last) return;
      for (const { next, readings } of done) {
        if (isBehind(next, cursor.position())) count(next.segment, -1, -readings);
      }
      if (isBehind(last.next, cursor.position())) cursor.move(last.next, last.header.seq + 1);
      while (batches.segments.length > 1 && (batches.segments[0]?.number ?? 0) < last.next.segment) {
        waiting.delete(batches.segments[0]?.number ?? 0);
        await batches.removeOldest();
      }
      await cursor.saveIfDue();
    },

    async close(): Promise<void> {
      await cursor.save();
      await batches.close();
      await photos.close();
    },
  };

  /** A full card is made emptier by the oldest photos, if there are any. */
  async function appendOrDropPhotos(payloads: readonly Uint8Array[]): Promise<{ ends: LogPosition[]; photos: number }> {
    let gone = 0;
    for (;;) {
      try {
        return { ends: await batches.append(payloads), photos: gone };
      } catch (error) {
        if (!(error instanceof OutboxError) || error.code !== 'disk_full' || photosWaiting === 0) throw error;
        gone += await dropPhotos();
      }
    }
  }
}

/** The header of a batch, or undefined when the bytes are none (they passed their checksum, so an older build wrote them). */
function headerOf(bytes: Uint8Array): BatchHeader | undefined {
  try {
    return openBatch(bytes).header;
  } catch {
    return undefined;
  }
}

/** Whether `a` lies further along the log than `b`. */
function isBehind(a: LogPosition, b: LogPosition): boolean {
  return a.segment > b.segment || (a.segment === b.segment && a.offset > b.offset);
}
