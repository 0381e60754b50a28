import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNumberRuns } from './number-runs.ts';

test('knows the same numbers and holes as a plain set, in any order and with repetitions', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 80 }), (numbers) => {
      const runs = createNumberRuns();
      const plain = new Set<number>();
      for (const n of numbers) {
        expect(runs.add(n)).toBe(!plain.has(n));
        plain.add(n);
      }
      const first = Math.min(...plain);
      const last = Math.max(...plain);
      const missing = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((n) => !plain.has(n));
      expect(runs.holes().flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))).toEqual(
        missing,
      );
      expect([runs.count(), runs.first(), runs.last()]).toEqual([plain.size, first, last]);
      for (let n = 0; n <= 60; n++) expect(runs.has(n)).toBe(plain.has(n));
    }),
  );
});
