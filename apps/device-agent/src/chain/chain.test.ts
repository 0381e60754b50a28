import { createPublicKey, verify } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBatch, openBatch } from '@temoin/shared/codec';
import { NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import { describe, expect, it } from 'vitest';
import { hashOf, openOutbox } from '../outbox/outbox.ts';
import { createMemoryDisk, diskError, type MemoryDisk } from '../testing/memory-disk.ts';
import { numberedReadings, sealNext, TEST_BOX_ID, TEST_CONTEXT, TEST_KEY } from '../testing/sealed-batches.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { loadOrMakeKey } from './box-key.ts';
import { startCounters } from './counters.ts';
import { compressor, sealBatches } from './sealer.ts';

describe('sealing', () => {
  const closed = [0, 3, 6].map((first) => ({
    context: TEST_CONTEXT,
    readings: numberedReadings(first, 3),
    facts: [],
    bookmarks: {},
  }));
  const box = { boxId: TEST_BOX_ID, boot: 7, key: TEST_KEY };

  it('numbers, chains and signs', () => {
    const sealed = sealBatches(closed, box, { nextSeq: 40, previousHash: NO_PREVIOUS_HASH });
    const key = createPublicKey({ key: TEST_KEY.publicKey, format: 'jwk' });
    sealed.forEach((bytes, i) => {
      const opened = openBatch(bytes);
      expect(opened.header).toMatchObject({ boxId: TEST_BOX_ID, boot: 7, seq: 40 + i, ...TEST_CONTEXT });
      expect(opened.header.previousHash).toBe(i === 0 ? NO_PREVIOUS_HASH : hashOf(sealed[i - 1] ?? bytes));
      expect(verify(null, opened.signed, key, opened.signature)).toBe(true);
      expect(decodeBatch(opened, compressor).readings).toEqual(closed[i]?.readings);
    });
  });

  it('gives the same bytes for the same batches, so that a group may be sealed again', () => {
    const end = { nextSeq: 0, previousHash: NO_PREVIOUS_HASH };
    expect(sealBatches(closed, box, end)).toEqual(sealBatches(closed, box, end));
  });

  it('refuses to inflate without bound', () => {
    const bomb = compressor.deflate(new Uint8Array(1_000_000));
    expect(() => compressor.inflate(bomb, 1000)).toThrow();
  });
});

describe('the box key', () => {
  const folder = temporaryFolder('key');

  it('is made once and readable by its owner alone', async () => {
    const key = await loadOrMakeKey(folder);
    expect(statSync(join(folder, 'box-key.pem')).mode & 0o777).toBe(0o600);
    const again = await loadOrMakeKey(folder);
    expect(again.publicKey).toEqual(key.publicKey);
    const message = Buffer.from('hello');
    expect(verify(null, message, createPublicKey({ key: key.publicKey, format: 'jwk' }), again.sign(message))).toBe(
      true,
    );
  });

  it('is not replaced when the file is damaged', async () => {
    writeFileSync(join(folder, 'box-key.pem'), 'scrambled');
    await expect(loadOrMakeKey(folder)).rejects.toThrow(/holds no Ed25519 key/);
  });
});

describe('counters', () => {
  const start = async (disk: MemoryDisk, now = 1_700_000_000_000) => {
    const outbox = await openOutbox({ folder: '/box/outbox', disk });
    return { outbox, counters: await startCounters('/box', outbox, now, disk) };
  };

  it('count starts, and go on with the numbers where the outbox is', async () => {
    const disk = createMemoryDisk();
    const first = await start(disk);
    expect(first.counters.boot).toBe(1);
    await first.outbox.append(sealNext(first.outbox, 4));
    await first.outbox.close();
    const second = await start(disk);
    expect(second.counters.boot).toBe(2);
    expect(second.outbox.head().nextSeq).toBe(4);
  });

  it('have the start on disk before anything is sealed with it', async () => {
    for (let dieAt = 1; dieAt < 30; dieAt += 1) {
      const disk = createMemoryDisk();
      (await start(disk)).counters.boot;
      const from = disk.operations();
      disk.beforeEach = () => {
        if (disk.operations() >= from + dieAt) throw diskError('EIO');
      };
      const boot = await start(disk).then(
        ({ counters }) => counters.boot,
        () => undefined,
      );
      const next = await start(disk.powerCut(() => 0.9));
      expect(next.counters.boot).toBeGreaterThan(boot ?? 1);
    }
  });

  it('skip to the high-water mark when the outbox is gone', async () => {
    const disk = createMemoryDisk();
    const first = await start(disk);
    await first.outbox.append(sealNext(first.outbox, 4));
    await first.counters.reserve(5000);
    await first.outbox.close();
    for (const path of disk.paths()) if (path.includes('/batches/')) await disk.remove(path);
    const second = await start(disk);
    expect(second.outbox.head().nextSeq).toBeGreaterThanOrEqual(5000);
    await second.outbox.append(sealNext(second.outbox, 1, 1, 2));
    expect((await second.outbox.peek(1, 1))[0]?.header.seq).toBeGreaterThanOrEqual(5000);
  });

  it('use the time when their own file is damaged', async () => {
    const disk = createMemoryDisk();
    await start(disk);
    disk.replaceContents('/box/counters.json', Buffer.from('{"boot":'));
    expect((await start(disk)).counters.boot).toBe(1_700_000_001);
  });

  it('write once a block, not once a batch', async () => {
    const disk = createMemoryDisk();
    const { counters } = await start(disk);
    const before = disk.operations();
    for (let seq = 1; seq <= 1000; seq += 1) await counters.reserve(seq);
    expect(disk.operations()).toBe(before);
    await counters.reserve(1500);
    expect(disk.operations()).toBeGreaterThan(before);
  });
});
