import { BATCH_LIMITS, type Fact, type Reading } from '@temoin/shared/telemetry';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchContext, type ClosedBatch, createBatcher } from './batcher.ts';

const context: BatchContext = { bootAt: 1000, clockTrust: 'gps', origin: 'measured' };
const reading = (n: number): Reading => ({ at: n, values: { rpm: n } });
const crash: Fact = { kind: 'crash', at: 1, peakG: 5 };
const photo: Fact = { kind: 'photo', at: 1, sha256: 'a'.repeat(64), bytes: 10 };
const limits = { maxReadings: 3, maxAgeMs: 1000, maxBytes: 10_000 };
const sizes = (closed: readonly ClosedBatch[]) => closed.map((batch) => [batch.readings.length, batch.facts.length]);

describe('batcher', () => {
  it('closes by count', () => {
    const batcher = createBatcher(limits);
    expect(batcher.add(reading(1), context, 0)).toEqual([]);
    expect(batcher.add(reading(2), context, 0)).toEqual([]);
    expect(batcher.add(reading(3), context, 0).map((batch) => batch.readings)).toEqual([[1, 2, 3].map(reading)]);
    expect(batcher.flush()).toEqual([]);
  });

  it('closes by the age of its oldest reading', () => {
    const batcher = createBatcher(limits);
    expect(batcher.dueAtMs()).toBeUndefined();
    expect(batcher.due(5000)).toEqual([]);
    batcher.add(reading(1), context, 100);
    batcher.add(reading(2), context, 900);
    expect(batcher.dueAtMs()).toBe(1100);
    expect(batcher.due(1099)).toEqual([]);
    expect(sizes(batcher.due(1100))).toEqual([[2, 0]]);
    batcher.add(reading(3), context, 2000);
    expect(sizes(batcher.add(reading(4), context, 3000))).toEqual([[1, 0]]);
    expect(sizes(batcher.flush())).toEqual([[1, 0]]);
  });

  it('closes by bytes', () => {
    const batcher = createBatcher({ ...limits, maxReadings: 1000, maxBytes: 50 });
    expect(batcher.add(reading(1), context, 0)).toEqual([]);
    expect(batcher.add(reading(2), context, 0)).toEqual([]);
    expect(sizes(batcher.add(reading(3), context, 0))).toEqual([[2, 0]]);
  });

  it.each([{ bootAt: 9999 }, { clockTrust: 'none' }, { origin: 'replayed' }] as Partial<BatchContext>[])(
    'closes when what holds for all of it changes: %o',
    (change) => {
      const batcher = createBatcher(limits);
      batcher.add(reading(1), context, 0);
      const closed = batcher.add(reading(2), { ...context, ...change }, 0);
      expect(closed).toEqual([{ context, readings: [reading(1)], facts: [], bookmarks: {} }]);
      expect(batcher.flush()[0]?.context).toEqual({ ...context, ...change });
    },
  );

  it('does not let an urgent fact wait, and lets others', () => {
    const batcher = createBatcher(limits);
    batcher.add(reading(1), context, 0);
    expect(batcher.addFact(photo, context, 0)).toEqual([]);
    expect(sizes(batcher.addFact(crash, context, 0))).toEqual([[1, 2]]);
  });

  it('keeps facts within what the service takes', () => {
    const batcher = createBatcher({ ...limits, maxBytes: 1_000_000 });
    const closed = Array.from({ length: 1000 }, () => batcher.addFact(photo, context, 0)).flat();
    closed.push(...batcher.flush());
    expect(closed.reduce((sum, batch) => sum + batch.facts.length, 0)).toBe(1000);
    for (const batch of closed) {
      expect(batch.facts.length).toBeLessThanOrEqual(BATCH_LIMITS.facts);
      expect(JSON.stringify(batch.facts).length).toBeLessThan(64 * 1024);
    }
  });

  it('keeps the newest bookmark of each sensor', () => {
    const batcher = createBatcher({ ...limits, maxReadings: 10 });
    batcher.add(reading(1), context, 0, { replay: { row: 1 } });
    batcher.add(reading(2), context, 0, { gps: { line: 7 } });
    batcher.add(reading(3), context, 0, { replay: { row: 3 } });
    batcher.add(reading(4), context, 0);
    expect(batcher.flush()[0]?.bookmarks).toEqual({ replay: { row: 3 }, gps: { line: 7 } });
  });

  it('loses, doubles and reorders nothing, whatever comes', () => {
    const step = fc.record({
      kind: fc.constantFrom('reading', 'fact', 'due', 'flush'),
      urgent: fc.boolean(),
      bootAt: fc.constantFrom(1, 2),
      waitMs: fc.integer({ min: 0, max: 800 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const batcher = createBatcher(limits);
        const closed: ClosedBatch[] = [];
        let nowMs = 0;
        let emitted = 0;
        let facts = 0;
        for (const { kind, urgent, bootAt, waitMs } of steps) {
          nowMs += waitMs;
          if (kind === 'reading') closed.push(...batcher.add(reading(++emitted), { ...context, bootAt }, nowMs));
          else if (kind === 'fact') {
            facts += 1;
            closed.push(...batcher.addFact(urgent ? crash : photo, { ...context, bootAt }, nowMs));
          } else closed.push(...(kind === 'due' ? batcher.due(nowMs) : batcher.flush()));
        }
        closed.push(...batcher.flush());
        expect(closed.flatMap((batch) => batch.readings.map((one) => one.at))).toEqual(
          Array.from({ length: emitted }, (_, i) => i + 1),
        );
        expect(closed.reduce((sum, batch) => sum + batch.facts.length, 0)).toBe(facts);
        for (const batch of closed) {
          expect(batch.readings.length).toBeLessThanOrEqual(limits.maxReadings);
          expect(batch.readings.length + batch.facts.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});
