import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryDisk, diskError, type MemoryDisk, seeded } from '../testing/memory-disk.ts';
import { sealNext } from '../testing/sealed-batches.ts';
import { type Outbox, openOutbox } from './outbox.ts';

// The outbox against a list. Whatever order of keeping, settling, restarting, power cuts and failing disk operations: the
// outbox holds, in order and to the byte, every batch that was confirmed and not settled; settled ones may come again after
// a restart, a batch may stand there twice, but none is missing, foreign or changed.

type Step =
  | { readonly kind: 'append'; readonly count: number; readonly readings: number }
  | { readonly kind: 'settle'; readonly count: number }
  | { readonly kind: 'restart' | 'powerCut' }
  | {
      readonly kind: 'failing';
      readonly operation: 'write' | 'sync' | 'truncate' | 'open' | 'syncFolder';
      readonly after: number;
      readonly count: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 4 }),
      readings: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'powerCut' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('failing' as const),
      operation: fc.constantFrom(
        'write' as const,
        'sync' as const,
        'truncate' as const,
        'open' as const,
        'syncFolder' as const,
      ),
      after: fc.integer({ min: 0, max: 3 }),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('outbox model', { timeout: 120_000 }, () => {
  it('holds what was confirmed and not settled, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), fc.integer(), async (steps, seed) => {
        const random = seeded(seed);
        let disk: MemoryDisk = createMemoryDisk();
        const open = (): Promise<Outbox> => openOutbox({ folder: '/box', disk, segmentBytes: 800, cursorEveryMs: 0 });
        let outbox = await open();
        /** Every batch by number, and how many are settled. */
        let kept: string[] = [];
        let settled = 0;
        let boot = 1;

        async function check(): Promise<void> {
          const waiting = await outbox.peek(100_000, Number.MAX_SAFE_INTEGER);
          const first = waiting[0]?.header.seq ?? kept.length;
          expect(first).toBeLessThanOrEqual(settled);
          for (const batch of waiting) expect(hex(batch.bytes)).toBe(kept[batch.header.seq]);
          const numbers = [...new Set(waiting.map((batch) => batch.header.seq))];
          expect(numbers).toEqual(kept.slice(first).map((_, i) => first + i));
          expect(outbox.head().nextSeq).toBe(kept.length);
          expect(outbox.waiting().batches).toBe(waiting.length);
        }

        /** A batch that was written but not confirmed may be there after a restart; the chain then goes on behind it. */
        async function adopt(): Promise<void> {
          boot += 1;
          const waiting = await outbox.peek(100_000, Number.MAX_SAFE_INTEGER);
          const survivors = waiting.filter((batch) => batch.header.seq >= kept.length);
          kept = [...kept, ...new Map(survivors.map((batch) => [batch.header.seq, hex(batch.bytes)])).values()];
        }

        for (const next of steps) {
          if (next.kind === 'append') {
            const group = sealNext(outbox, next.count, next.readings, boot);
            await outbox.append(group);
            kept.push(...group.map(({ bytes }) => hex(bytes)));
          } else if (next.kind === 'settle') {
            const done = await outbox.peek(next.count, Number.MAX_SAFE_INTEGER);
            await outbox.settle(done);
            settled = Math.max(settled, (done.at(-1)?.header.seq ?? -1) + 1);
          } else if (next.kind === 'failing') {
            let left = next.after;
            disk.beforeEach = (operation) => {
              if (operation === next.operation && left-- <= 0) throw diskError('ENOSPC');
            };
            const group = sealNext(outbox, next.count, 2, boot);
            const done = await outbox.append(group).then(
              () => true,
              () => false,
            );
            disk.beforeEach = () => undefined;
            if (!done) await outbox.append(group);
            kept.push(...group.map(({ bytes }) => hex(bytes)));
          } else {
            if (next.kind === 'restart') await outbox.close();
            else disk = disk.powerCut(random);
            outbox = await open();
            await adopt();
          }
          await check();
        }
      }),
      { numRuns: 120 },
    );
  });
});
