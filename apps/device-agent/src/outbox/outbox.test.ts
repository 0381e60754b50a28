import { describe, expect, it } from 'vitest';
import { createMemoryDisk, diskError, type MemoryDisk, seeded } from '../testing/memory-disk.ts';
import { sealNext } from '../testing/sealed-batches.ts';
import { encodeEntry } from './entry.ts';
import { type Outbox, openOutbox, type WaitingBatch } from './outbox.ts';
import { encodeRecord } from './record.ts';

const FOLDER = '/box/outbox';
const NEWEST = (disk: MemoryDisk) =>
  disk
    .paths()
    .filter((path) => path.includes('/batches/'))
    .sort()
    .at(-1) ?? '';

const open = (disk: MemoryDisk, more: { limitBytes?: number; segmentBytes?: number; cursorEveryMs?: number } = {}) =>
  openOutbox({ folder: FOLDER, disk, ...more });

const numbers = (batches: readonly WaitingBatch[]) => batches.map((batch) => batch.header.seq);
const waitingNumbers = async (outbox: Outbox) => numbers(await outbox.peek(10_000, Number.MAX_SAFE_INTEGER));

describe('outbox', () => {
  it('gives batches in order and forgets what is settled, over a restart', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk);
    const batches = sealNext(outbox, 5);
    await outbox.append(batches);
    expect(outbox.waiting()).toEqual({ batches: 5, readings: 15 });
    const [first, second] = await outbox.peek(2, 1_000_000);
    expect(Buffer.from(first?.bytes ?? [])).toEqual(Buffer.from(batches[0]?.bytes ?? []));
    await outbox.settle([first as WaitingBatch, second as WaitingBatch]);
    expect(outbox.waiting()).toEqual({ batches: 3, readings: 9 });
    await outbox.close();
    const again = await open(disk);
    expect(await waitingNumbers(again)).toEqual([2, 3, 4]);
    expect(again.waiting()).toEqual({ batches: 3, readings: 9 });
    expect(again.head()).toMatchObject({ nextSeq: 5, totalReadings: 15, bookmarks: { replay: { row: 15 } } });
  });

  it('keeps peeks within the limits, but gives at least one batch', async () => {
    const outbox = await open(createMemoryDisk());
    await outbox.append(sealNext(outbox, 4));
    expect(numbers(await outbox.peek(2, 1_000_000))).toEqual([0, 1]);
    expect(numbers(await outbox.peek(100, 1))).toEqual([0]);
    const [one] = await outbox.peek(1, 1);
    expect(numbers(await outbox.peek(100, (one?.bytes.length ?? 0) * 2 + 1))).toEqual([0, 1]);
  });

  it('cut off at any byte of a segment, keeps every whole batch and goes on', async () => {
    const disk = createMemoryDisk();
    const first = await open(disk);
    for (let i = 0; i < 3; i += 1) await first.append(sealNext(first, 1));
    const path = NEWEST(disk);
    const whole = disk.contents(path) ?? new Uint8Array();
    let before = 3;
    for (let length = whole.length; length >= 0; length -= 1) {
      const cut = createMemoryDisk();
      cut.replaceContents(path, whole.slice(0, length));
      const outbox = await open(cut);
      const kept = await waitingNumbers(outbox);
      expect(kept).toEqual([0, 1, 2].slice(0, kept.length));
      expect(kept.length).toBeLessThanOrEqual(before);
      before = kept.length;
      expect(outbox.head().nextSeq).toBe(kept.length);
      await outbox.append(sealNext(outbox, 2, 1, 2));
      await outbox.close();
      const reopened = await open(cut);
      expect(reopened.tornBytes + reopened.damagedBytes).toBe(0);
      expect(await waitingNumbers(reopened)).toEqual([...kept, kept.length, kept.length + 1]);
    }
    expect(before).toBe(0);
  });

  it('damaged in the middle, passes over the damage and counts it', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk);
    for (let i = 0; i < 3; i += 1) await outbox.append(sealNext(outbox, 1));
    const path = NEWEST(disk);
    const bytes = Uint8Array.from(disk.contents(path) ?? []);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    disk.replaceContents(path, bytes);
    const again = await open(disk);
    expect(await waitingNumbers(again)).toEqual([0, 2]);
    expect(again.damagedBytes).toBeGreaterThan(0);
    expect(again.head().nextSeq).toBe(3);
  });

  it('never confirms what the power can still take: cut at every operation, torn in a hundred ways', async () => {
    let points = 0;
    for (let dieAt = 1; ; dieAt += 1) {
      const random = seeded(dieAt);
      const disk = createMemoryDisk();
      const confirmed: string[] = [];
      const settled = new Set<string>();
      let finished = false;
      disk.beforeEach = () => {
        if (disk.operations() >= dieAt) throw diskError('EIO');
      };
      try {
        const outbox = await open(disk, { segmentBytes: 700, cursorEveryMs: 0 });
        for (let i = 0; i < 8; i += 1) {
          const group = sealNext(outbox, 1 + (i % 3), 2);
          await outbox.append(group);
          confirmed.push(...group.map(({ bytes }) => Buffer.from(bytes).toString('hex')));
          if (i % 2 === 1) {
            const done = await outbox.peek(2, 1_000_000);
            for (const batch of done) settled.add(Buffer.from(batch.bytes).toString('hex'));
            await outbox.settle(done);
          }
        }
        await outbox.close();
        finished = true;
      } catch {
        // The power is gone.
      }
      for (let variant = 0; variant < 5; variant += 1) {
        const after = disk.powerCut(random);
        const outbox = await open(after, { segmentBytes: 700 });
        const found = (await outbox.peek(1000, 10_000_000)).map((batch) => Buffer.from(batch.bytes).toString('hex'));
        expect(found).toEqual(expect.arrayContaining(confirmed.filter((bytes) => !settled.has(bytes))));
        // In order, and nothing that was never written.
        const order = found.map((bytes) => confirmed.indexOf(bytes)).filter((index) => index >= 0);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        // The next number is behind every number that may have been sent.
        expect(outbox.head().nextSeq).toBeGreaterThanOrEqual(confirmed.length);
        await outbox.append(sealNext(outbox, 1, 1, 2));
        points += 1;
      }
      if (finished) break;
    }
    expect(points).toBeGreaterThan(250);
  });

  it('a full card takes nothing and breaks nothing; when there is room again the same batches go in', async () => {
    for (const [code, expected] of [
      ['ENOSPC', 'disk_full'],
      ['EROFS', 'disk_read_only'],
      ['EIO', 'disk_error'],
    ] as const) {
      for (const failing of ['write', 'sync', 'open', 'syncFolder'] as const) {
        const disk = createMemoryDisk();
        const outbox = await open(disk, { segmentBytes: 500 });
        await outbox.append(sealNext(outbox, 1));
        disk.beforeEach = (operation, path) => {
          if (operation === failing && path.includes('batches')) throw diskError(code);
        };
        const group = sealNext(outbox, 2);
        // A group that needs no new segment does not open or sync a folder.
        const big = failing === 'open' || failing === 'syncFolder' ? sealNext(outbox, 4, 20) : group;
        await expect(outbox.append(big)).rejects.toMatchObject({ code: expected });
        expect(outbox.head().nextSeq).toBe(1);
        await expect(outbox.append(big)).rejects.toMatchObject({ code: expected });
        disk.beforeEach = () => undefined;
        await outbox.append(big);
        expect(await waitingNumbers(outbox)).toEqual(big.map((_, i) => i).concat(big.length));
        await outbox.close();
        const again = await open(disk.powerCut(() => 1));
        // A batch that stands twice on the card is the same to the byte, and the service says so.
        expect([...new Set(await waitingNumbers(again))]).toEqual(big.map((_, i) => i).concat(big.length));
        expect(again.head().nextSeq).toBe(big.length + 1);
      }
    }
  });

  it('a write that fails half way and cannot be cut back does not spoil what follows', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk);
    await outbox.append(sealNext(outbox, 1));
    disk.beforeEach = (operation) => {
      if (operation === 'sync' || operation === 'truncate') throw diskError('EIO');
    };
    await expect(outbox.append(sealNext(outbox, 1))).rejects.toMatchObject({ code: 'disk_error' });
    disk.beforeEach = () => undefined;
    await outbox.append(sealNext(outbox, 1));
    expect(await waitingNumbers(outbox)).toEqual([0, 1]);
    await outbox.append(sealNext(outbox, 1));
    const again = await open(disk);
    expect([...new Set(await waitingNumbers(again))]).toEqual([0, 1, 2]);
  });

  it('gives up the oldest photos before any batch, and the oldest batches last, and says how much', async () => {
    const outbox = await open(createMemoryDisk(), { limitBytes: 12_000, segmentBytes: 2_000 });
    for (let i = 0; i < 4; i += 1) await outbox.appendPhoto(new Uint8Array(1_500), { at: i });
    const gone = { batches: 0, readings: 0, photos: 0 };
    let photosWhenBatchesWent: number | undefined;
    let appended = 0;
    while (gone.batches === 0) {
      const dropped = await outbox.append(sealNext(outbox, 1, 10));
      appended += 1;
      gone.photos += dropped.photos;
      gone.batches += dropped.batches;
      gone.readings += dropped.readings;
      if (dropped.batches > 0) photosWhenBatchesWent = outbox.photosWaiting();
      expect(outbox.bytes()).toBeLessThanOrEqual(12_000);
    }
    expect(gone.photos).toBe(4);
    expect(photosWhenBatchesWent).toBe(0);
    expect(gone.readings).toBe(gone.batches * 10);
    const left = await waitingNumbers(outbox);
    expect(left).toEqual(Array.from({ length: appended - gone.batches }, (_, i) => gone.batches + i));
    expect(outbox.waiting().readings).toBe(left.length * 10);
    // What was given up is not counted as sent, and the chain goes on.
    expect(outbox.head().nextSeq).toBe(appended);
  });

  it('makes room on a full card by giving up photos', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk);
    await outbox.appendPhoto(new Uint8Array(500), {});
    await outbox.append(sealNext(outbox, 1));
    disk.beforeEach = (operation, path) => {
      if (operation === 'write' && path.includes('/batches/') && disk.paths().some((name) => name.includes('/photos/')))
        throw diskError('ENOSPC');
    };
    expect(await outbox.append(sealNext(outbox, 1))).toMatchObject({ photos: 1, batches: 0 });
    expect(await waitingNumbers(outbox)).toEqual([0, 1]);
  });

  it('removes segments that are done with, and remembers the chain when nothing is left', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk, { segmentBytes: 600 });
    for (let i = 0; i < 20; i += 1) await outbox.append(sealNext(outbox, 1));
    for (;;) {
      const done = await outbox.peek(7, 1_000_000);
      if (done.length === 0) break;
      await outbox.settle(done);
    }
    expect(disk.paths().filter((path) => path.includes('/batches/')).length).toBeLessThanOrEqual(2);
    const { previousHash } = outbox.head();
    await outbox.close();
    const again = await open(disk);
    expect(again.head()).toMatchObject({
      nextSeq: 20,
      previousHash,
      totalReadings: 60,
      bookmarks: { replay: { row: 60 } },
    });
    expect(await waitingNumbers(again)).toEqual([]);
  });

  it('notices that a card lost what it had confirmed and the service has', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk, { cursorEveryMs: 0 });
    for (let i = 0; i < 3; i += 1) await outbox.append(sealNext(outbox, 1));
    await outbox.settle(await outbox.peek(3, 1_000_000));
    await outbox.close();
    const path = NEWEST(disk);
    disk.replaceContents(path, (disk.contents(path) ?? new Uint8Array()).slice(0, 150));
    const again = await open(disk);
    expect(again.lost).toBe(true);
    again.skipTo(1024);
    await again.append(sealNext(again, 1, 1, 2));
    expect(await waitingNumbers(again)).toEqual([1024]);
  });

  it('starts from the beginning when the cursor is damaged, and passes over records of another build', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk, { cursorEveryMs: 0 });
    await outbox.append(sealNext(outbox, 2));
    await outbox.settle(await outbox.peek(1, 1));
    await outbox.close();
    disk.replaceContents(`${FOLDER}/cursor`, Buffer.from('{"segment":'));
    const path = NEWEST(disk);
    const foreign = [
      Buffer.from([99, 0, 0]),
      Buffer.from([1, 4, 0, 0x7b]),
      encodeEntry('batch', {}, Buffer.from('no batch')),
    ];
    disk.replaceContents(path, Buffer.concat([disk.contents(path) ?? new Uint8Array(), ...foreign.map(encodeRecord)]));
    const again = await open(disk);
    expect(await waitingNumbers(again)).toEqual([0, 1]);
    expect(again.waiting().batches).toBe(2);
  });

  it('writes little more than what it keeps', async () => {
    const disk = createMemoryDisk();
    const outbox = await open(disk, { cursorEveryMs: 10_000 });
    let payload = 0;
    for (let i = 0; i < 500; i += 1) {
      const group = sealNext(outbox, 1, 5);
      payload += group.reduce((sum, { bytes }) => sum + bytes.length, 0);
      await outbox.append(group);
      await outbox.settle(await outbox.peek(10, 100_000));
    }
    expect(disk.bytesWritten() / payload).toBeLessThan(1.6);
  });
});
