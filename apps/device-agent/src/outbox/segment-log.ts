import { join } from 'node:path';
import { type Disk, type DiskFile, readSmallFile } from './disk.ts';
import { toOutboxError } from './outbox-error.ts';
import { encodeRecord, type FoundRecord, scanRecords } from './record.ts';

// Append-only segment files, numbered from 1. Bytes once confirmed are never written again; a segment is removed whole. Every
// segment begins with a checkpoint, so that what must outlive the records (counters, bookmarks) outlives their removal.
// One group of records is one write and one fdatasync; nothing behind the confirmed end of a segment is ever read.

export interface LogPosition {
  readonly segment: number;
  readonly offset: number;
}

export interface Segment {
  readonly number: number;
  /** Confirmed bytes. */
  bytes: number;
}

interface OpenSegment extends Segment {
  readonly file: DiskFile;
  /** A sync failed here: what the card holds behind the confirmed end is unknown, so nothing more is put here. */
  suspect: boolean;
}

export interface SegmentLogOptions {
  readonly disk: Disk;
  readonly folder: string;
  /** A segment is closed when it would grow beyond this. */
  readonly segmentBytes: number;
  /** First record of each new segment. */
  readonly checkpoint: () => Uint8Array;
  /** Called at opening for every sound record, oldest first. */
  readonly onRecord: (payload: Uint8Array, end: LogPosition) => void;
}

const FILE_NAME = /^(\d{10})\.seg$/;

export type SegmentLog = Awaited<ReturnType<typeof openSegmentLog>>;

/**
 * Opens the log and checks every segment: a torn end of the newest one is cut off, damage elsewhere is passed over and
 * counted. Throws `OutboxError` when the folder cannot be read or made.
 */
export async function openSegmentLog(options: SegmentLogOptions) {
  const { disk, folder, segmentBytes, checkpoint, onRecord } = options;
  const pathOf = (number: number) => join(folder, `${String(number).padStart(10, '0')}.seg`);
  const segments: Segment[] = [];
  let current: OpenSegment | undefined;
  let tornBytes = 0;
  let damagedBytes = 0;
  let newestNumber = 0;

  try {
    await disk.makeFolder(folder);
    const numbers = (await disk.list(folder)).flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).map(Number);
    numbers.sort((a, b) => a - b);
    for (const number of numbers) await check(number, number === numbers.at(-1));
  } catch (error) {
    throw toOutboxError(error);
  }

  async function check(number: number, newest: boolean): Promise<void> {
    const bytes = (await readSmallFile(disk, pathOf(number))) ?? new Uint8Array();
    const found = scanRecords(bytes);
    damagedBytes += found.damagedBytes;
    for (const record of found.records) onRecord(record.payload, { segment: number, offset: record.end });
    segments.push({ number, bytes: found.soundEnd });
    if (found.soundEnd === bytes.length) return;
    if (newest) tornBytes += bytes.length - found.soundEnd;
    else damagedBytes += bytes.length - found.soundEnd;
  }

  async function startSegment(records: Uint8Array): Promise<void> {
    // A number is used once, even when the file that had it could be neither finished nor removed.
    newestNumber = Math.max(newestNumber, segments.at(-1)?.number ?? 0) + 1;
    const number = newestNumber;
    const bytes = Buffer.concat([encodeRecord(checkpoint()), records]);
    const file = await disk.open(pathOf(number), 'create');
    try {
      await file.write(bytes, 0);
      await file.sync();
      await disk.syncFolder(folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      await disk.remove(pathOf(number)).catch(() => undefined);
      throw error;
    }
    await current?.file.close().catch(() => undefined);
    current = { number, bytes: bytes.length, file, suspect: false };
    segments.push(current);
  }

  /** Goes on in the newest segment after a restart; its torn end is cut off first. */
  async function reopen(): Promise<void> {
    const newest = segments.at(-1);
    if (!newest || newest.bytes === 0) return;
    const file = await disk.open(pathOf(newest.number), 'write');
    if ((await file.size()) > newest.bytes) {
      await file.truncate(newest.bytes);
      await file.sync();
    }
    current = Object.assign(newest, { file, suspect: false });
  }

  async function removeEmptyNewest(): Promise<void> {
    const newest = segments.at(-1);
    // A segment of which nothing sound was written: its number is taken, its contents are not.
    if (!newest || newest.bytes > 0) return;
    await disk.remove(pathOf(newest.number));
    segments.pop();
  }

  const end = (): LogPosition => ({ segment: segments.at(-1)?.number ?? 0, offset: segments.at(-1)?.bytes ?? 0 });

  return {
    segments: segments as readonly Readonly<Segment>[],
    /** Bytes found behind the last sound record at opening: a write that a power cut ended. */
    tornBytes,
    damagedBytes,
    bytes: () => segments.reduce((sum, segment) => sum + segment.bytes, 0),
    end,

    /** Resolves when all payloads are on the medium; when it throws (`OutboxError`), none of them counts. */
    async append(payloads: readonly Uint8Array[]): Promise<LogPosition[]> {
      const records = payloads.map(encodeRecord);
      const bytes = Buffer.concat(records);
      try {
        if (!current) await removeEmptyNewest().then(reopen);
        if (!current || current.suspect || current.bytes + bytes.length > segmentBytes) await startSegment(bytes);
        else await write(current, bytes);
      } catch (error) {
        throw toOutboxError(error);
      }
      const { segment, offset } = end();
      let left = bytes.length;
      return records.map((record) => {
        left -= record.length;
        return { segment, offset: offset - left };
      });
    },

    /** Closes the newest segment, so that it can be removed as soon as the next one is there. */
    async rotate(): Promise<void> {
      try {
        await startSegment(new Uint8Array());
      } catch (error) {
        throw toOutboxError(error);
      }
    },

    /** Sound records from `from` on within one segment, and where the next call goes on; at most about `maxBytes`. */
    async read(
      from: LogPosition,
      maxBytes: number,
    ): Promise<{ records: FoundRecord[]; segment: number; next: LogPosition }> {
      const segment = segments.find((candidate) => candidate.number >= from.segment);
      if (!segment) return { records: [], segment: from.segment, next: from };
      const start = segment.number === from.segment ? Math.min(from.offset, segment.bytes) : 0;
      const bytes = await readRange(segment.number, start, segment.bytes);
      const records: FoundRecord[] = [];
      let taken = 0;
      for (const record of scanRecords(bytes).records) {
        if (records.length > 0 && taken + record.payload.length > maxBytes) break;
        taken += record.payload.length;
        records.push({ payload: record.payload, end: start + record.end });
      }
      const last = records.at(-1);
      const later = segments.find((candidate) => candidate.number > segment.number);
      if (!last && later) return { records, segment: segment.number, next: { segment: later.number, offset: 0 } };
      return { records, segment: segment.number, next: { segment: segment.number, offset: last?.end ?? start } };
    },

    /** Removes the oldest segment; with it the newest one only when `evenNewest` (its checkpoint is lost with it). */
    async removeOldest(evenNewest = false): Promise<void> {
      const [oldest] = segments;
      if (!oldest || (segments.length < 2 && !evenNewest)) return;
      if (oldest === current) await this.close();
      try {
        await disk.remove(pathOf(oldest.number));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw toOutboxError(error);
      }
      segments.shift();
    },

    async close(): Promise<void> {
      await current?.file.close();
      current = undefined;
    },
  };

  async function write(segment: OpenSegment, bytes: Uint8Array): Promise<void> {
    try {
      await segment.file.write(bytes, segment.bytes);
    } catch (error) {
      await segment.file.truncate(segment.bytes).catch(() => {
        segment.suspect = true;
      });
      throw error;
    }
    try {
      await segment.file.sync();
    } catch (error) {
      // After a failed sync the system may call the lost pages clean; a second sync would then lie.
      segment.suspect = true;
      await segment.file.truncate(segment.bytes).catch(() => undefined);
      throw error;
    }
    segment.bytes += bytes.length;
  }

  async function readRange(number: number, from: number, to: number): Promise<Uint8Array> {
    if (to <= from) return new Uint8Array();
    const file = await disk.open(pathOf(number), 'read');
    try {
      const bytes = new Uint8Array(to - from);
      return bytes.subarray(0, await file.read(bytes, from));
    } finally {
      await file.close();
    }
  }
}
