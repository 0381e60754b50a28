import { createHash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchLog, LogEntry, LoggableBatch } from './batch-log.ts';

// What every BatchLog must do. Adapters run this same body; `open` twice on one store stands for two processes, `open` after
// `close` for a restart.

export interface LogUnderTest {
  open(): Promise<BatchLog>;
  /** Removes the store behind it. */
  drop(): Promise<void>;
}

/** A batch whose body says what it is. */
export function someBatch(boxId: string, seq: number, contents = 'contents', boot = 1): LoggableBatch {
  const body = Buffer.from(`${boxId} ${boot} ${seq} ${contents}`);
  return { boxId, boot, seq, hash: createHash('sha256').update(body).digest(), form: 'binary', body };
}

/** Everything after `after`, page by page, until the end. */
export async function readAll(log: BatchLog, after = 0n, page = 100): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for (;;) {
    const entries = await log.read(all.at(-1)?.position ?? after, page);
    if (entries.length === 0) return all;
    all.push(...entries);
  }
}

const nameOf = (entry: { boxId: string; boot: number; seq: number }) => `${entry.boxId}/${entry.boot}/${entry.seq}`;
const aSecond = () => AbortSignal.timeout(1_000);

export function batchLogContract(name: string, create: () => Promise<LogUnderTest>): void {
  describe(`${name} keeps the promises of BatchLog`, () => {
    let store: LogUnderTest;
    const opened: BatchLog[] = [];
    const open = async () => {
      const log = await store.open();
      opened.push(log);
      return log;
    };
    beforeEach(async () => {
      store = await create();
    });
    afterEach(async () => {
      for (const log of opened.splice(0)) await log.close();
      await store.drop();
    });

    test('an empty log', async () => {
      const log = await open();
      expect(await log.head()).toBe(0n);
      expect(await log.read(0n, 10)).toEqual([]);
      expect(await log.append([])).toEqual([]);
      expect(await log.highestSeq(randomUUID())).toBeUndefined();
    });

    test('gives back what was appended, to the byte, and after a restart too', async () => {
      const boxId = randomUUID();
      const body = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 256));
      const batches: LoggableBatch[] = [
        { boxId, boot: 0, seq: 0, hash: createHash('sha256').update(body).digest(), form: 'binary', body },
        { ...someBatch(boxId, Number.MAX_SAFE_INTEGER, 'json', 0xffff_ffff), form: 'json' },
        { ...someBatch(boxId, 7, 'legacy'), form: 'legacy' },
      ];
      const before = Date.now();
      const outcomes = await (await open()).append(batches);
      expect(outcomes.map((o) => o.outcome)).toEqual(['stored', 'stored', 'stored']);
      await opened[0]?.close();
      for (const log of [await open(), await open()]) {
        const entries = await readAll(log);
        expect(entries.map(nameOf)).toEqual(batches.map(nameOf));
        for (const [i, entry] of entries.entries()) {
          expect(Buffer.compare(entry.body, batches[i]!.body)).toBe(0);
          expect(Buffer.compare(entry.hash, batches[i]!.hash)).toBe(0);
          expect(entry.form).toBe(batches[i]!.form);
          expect(entry.receivedAt).toBeGreaterThanOrEqual(before - 1000);
          expect(entry.receivedAt).toBeLessThanOrEqual(Date.now() + 1000);
        }
        expect(await log.head()).toBe(entries.at(-1)?.position);
      }
    });

    test('answers in the order given and says at which position and time', async () => {
      const log = await open();
      const boxId = randomUUID();
      await log.append([someBatch(boxId, 2)]);
      const outcomes = await log.append([someBatch(boxId, 1), someBatch(boxId, 2), someBatch(boxId, 3)]);
      expect(outcomes.map((o) => o.outcome)).toEqual(['stored', 'duplicate', 'stored']);
      const entries = await readAll(log);
      for (const [i, seq] of [1, undefined, 3].entries()) {
        const outcome = outcomes[i]!;
        if (outcome.outcome !== 'stored') continue;
        const entry = entries.find((e) => e.seq === seq);
        expect(outcome).toEqual({ outcome: 'stored', position: entry?.position, receivedAt: entry?.receivedAt });
      }
    });

    test('the same batch again is a duplicate: in one call, later, and after a restart', async () => {
      const boxId = randomUUID();
      const log = await open();
      const batch = someBatch(boxId, 5);
      const twice = await log.append([batch, { ...batch }]);
      expect(twice.map((o) => o.outcome)).toEqual(['stored', 'duplicate']);
      expect((await log.append([batch])).map((o) => o.outcome)).toEqual(['duplicate']);
      await log.close();
      const reopened = await open();
      expect((await reopened.append([batch])).map((o) => o.outcome)).toEqual(['duplicate']);
      expect(await readAll(reopened)).toHaveLength(1);
      expect(await reopened.conflicts(10)).toEqual([]);
    });

    test('the same number with other contents is a conflict: recorded, and the first kept', async () => {
      const boxId = randomUUID();
      const log = await open();
      const [kept, other, third] = ['one', 'two', 'three'].map((c) => someBatch(boxId, 9, c)) as [
        LoggableBatch,
        LoggableBatch,
        LoggableBatch,
      ];
      const outcomes = await log.append([kept, other]);
      expect(outcomes.map((o) => o.outcome)).toEqual(['stored', 'conflict']);
      expect((await log.append([third])).map((o) => o.outcome)).toEqual(['conflict']);
      expect((await log.append([other])).map((o) => o.outcome)).toEqual(['conflict']);
      const entries = await readAll(log);
      expect(entries).toHaveLength(1);
      expect(Buffer.compare(entries[0]!.hash, kept.hash)).toBe(0);
      const conflicts = await log.conflicts(10);
      expect(conflicts).toHaveLength(2);
      expect(new Set(conflicts.map((c) => c.refusedHash))).toEqual(
        new Set([other, third].map((b) => Buffer.from(b.hash).toString('hex'))),
      );
      for (const c of conflicts)
        expect(c).toMatchObject({ boxId, boot: 1, seq: 9, keptHash: Buffer.from(kept.hash).toString('hex') });
    });

    test('another start of the box or another box is another batch', async () => {
      const log = await open();
      const [a, b] = [randomUUID(), randomUUID()] as [string, string];
      const outcomes = await log.append([someBatch(a, 1, 'x', 1), someBatch(a, 1, 'y', 2), someBatch(b, 1, 'z', 1)]);
      expect(outcomes.map((o) => o.outcome)).toEqual(['stored', 'stored', 'stored']);
    });

    test('knows the highest number of a box', async () => {
      const log = await open();
      const boxId = randomUUID();
      await log.append([someBatch(boxId, 12), someBatch(boxId, 40), someBatch(randomUUID(), 99)]);
      expect(await log.highestSeq(boxId)).toBe(40);
    });

    test('two writers at once: every batch once, and both read the same order', async () => {
      const [left, right] = [await open(), await open()];
      const boxes = [randomUUID(), randomUUID(), randomUUID()] as const;
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const log = i % 2 === 0 ? left : right;
          // Neighbours overlap, so that both writers race for the same numbers.
          const from = Math.floor(i / 2) * 5;
          return log.append(Array.from({ length: 8 }, (_, k) => someBatch(boxes[i % 3]!, from + k)));
        }),
      );
      const stored = outcomes.flat().filter((o) => o.outcome === 'stored').length;
      expect(outcomes.flat().filter((o) => o.outcome === 'conflict')).toEqual([]);
      const [a, b] = [await readAll(left, 0n, 7), await readAll(right, 0n, 64)];
      expect(a.map((e) => [e.position, nameOf(e)])).toEqual(b.map((e) => [e.position, nameOf(e)]));
      expect(new Set(a.map(nameOf)).size).toBe(a.length);
      expect(a.length).toBe(stored);
    });

    test('a reader who follows while two write never skips an entry', async () => {
      const [left, right, reading] = [await open(), await open(), await open()];
      const seen: LogEntry[] = [];
      const target = 300;
      const follow = async () => {
        const giveUp = AbortSignal.timeout(20_000);
        while (seen.length < target && !giveUp.aborted) {
          const after = seen.at(-1)?.position ?? 0n;
          const entries = await reading.read(after, 11);
          seen.push(...entries);
          if (entries.length === 0) await reading.waitBeyond(after, giveUp);
        }
      };
      const write = async (log: BatchLog, boxId: string) => {
        for (let seq = 0; seq < target / 2; seq += 3)
          await Promise.all([0, 1, 2].map((k) => log.append([someBatch(boxId, seq + k)])));
      };
      await Promise.all([follow(), write(left, randomUUID()), write(right, randomUUID())]);
      expect(seen.map((e) => e.position)).toEqual((await readAll(left)).map((e) => e.position));
      expect(seen).toHaveLength(target);
      for (let i = 1; i < seen.length; i += 1) expect(seen[i]!.position > seen[i - 1]!.position).toBe(true);
    });

    test('a waiting reader wakes: by its own process, by another one, and by the signal', async () => {
      const [writing, waiting] = [await open(), await open()];
      for (const log of [waiting, writing]) {
        const after = await log.head();
        const never = new AbortController();
        let woken = false;
        const wake = log.waitBeyond(after, never.signal).then(() => {
          woken = true;
        });
        await writing.append([someBatch(randomUUID(), 1)]);
        await wake;
        expect(woken).toBe(true);
        expect(await log.read(after, 10)).toHaveLength(1);
      }
      await writing.waitBeyond(await writing.head(), aSecond());
      await writing.waitBeyond(0n, new AbortController().signal);
    });

    test('a closed log refuses with a code', async () => {
      const log = await open();
      await log.close();
      await expect(log.append([someBatch(randomUUID(), 1)])).rejects.toMatchObject({ code: 'store_unavailable' });
    });
  });
}
