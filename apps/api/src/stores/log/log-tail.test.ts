import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogEntry } from './batch-log.ts';
import { createLogTail } from './log-tail.ts';

const entry = (position: number, bytes = 10): LogEntry => ({
  position: BigInt(position),
  boxId: 'b',
  boot: 1,
  seq: position,
  hash: new Uint8Array(32),
  form: 'binary',
  body: new Uint8Array(bytes),
  receivedAt: 0,
});

test('a tail never answers for what it does not hold without a hole', () => {
  const step = fc.record({
    gap: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 1, max: 5 }),
    missed: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 1, max: 9 }),
      (steps, maxBytes, limit) => {
        const tail = createLogTail(maxBytes);
        const log: number[] = [];
        for (const { gap, count, missed } of steps) {
          const previous = log.at(-1) ?? 0;
          const added = Array.from({ length: count }, (_, i) => previous + gap * (i + 1));
          log.push(...added);
          // `missed`: another process wrote these, this tail never hears of them.
          if (!missed)
            tail.push(
              added.map((position) => entry(position)),
              BigInt(previous),
            );
        }
        for (let after = 0; after <= (log.at(-1) ?? 0); after += 1) {
          const answer = tail.after(BigInt(after), limit);
          if (!answer) continue;
          const truth = log.filter((position) => position > after && BigInt(position) <= tail.end()).slice(0, limit);
          expect(answer.map((e) => Number(e.position))).toEqual(truth);
          expect(answer.length).toBeGreaterThan(0);
        }
      },
    ),
  );
});

test('what is pushed twice is held once, and the bound in bytes is kept', () => {
  const tail = createLogTail(5_000);
  for (let i = 1; i <= 100; i += 1) {
    tail.push([entry(i, 600)], BigInt(i - 1));
    tail.push([entry(i, 600)], BigInt(i - 1));
  }
  expect(tail.after(0n, 1000)).toBeUndefined();
  expect(tail.after(97n, 1000)?.map((e) => Number(e.position))).toEqual([98, 99, 100]);
  expect(tail.after(90n, 1000)).toBeUndefined();
});
