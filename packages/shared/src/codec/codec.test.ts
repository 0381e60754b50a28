import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atResolution, METRIC_KEYS, METRICS, type MetricKey } from '../metrics/index.ts';
import { BATCH_LIMITS, type Batch, type Fact, NO_PREVIOUS_HASH, type Reading } from '../telemetry/index.ts';
import {
  CodecError,
  type Compressor,
  decodeBatch,
  encodeBatch,
  frameBatches,
  openBatch,
  readContents,
  unframeBatches,
  withSignature,
  writeContents,
} from './index.ts';

const compressor: Compressor = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 9 }),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: maxBytes }),
};
const BOX_ID = '0b8e7a52-6c1d-4f3e-9a70-1d2c3b4a5f60';

const batchOf = (readings: readonly Reading[], facts: readonly Fact[] = [], more: Partial<Batch> = {}): Batch => ({
  boxId: BOX_ID,
  boot: 3,
  seq: 41,
  bootAt: 1_760_000_000_000,
  clockTrust: 'gps',
  origin: 'measured',
  previousHash: NO_PREVIOUS_HASH,
  readings,
  facts,
  ...more,
});
const travel = (batch: Batch) => {
  const bytes = withSignature(encodeBatch(batch, compressor), new Uint8Array(64).fill(7));
  const opened = openBatch(bytes);
  return { bytes, opened, ...decodeBatch(opened, compressor) };
};

const anyValue = (key: MetricKey) => {
  const { min, max, scale } = METRICS[key];
  return fc
    .integer({ min: Math.ceil(min * scale), max: Math.min(Math.floor(max * scale), 2 ** 42) })
    .map((step) => step / scale);
};
const anyValues = fc
  .subarray([...METRIC_KEYS], { maxLength: 12 })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, anyValue(key)]))));
const anyReading: fc.Arbitrary<Reading> = fc.record({
  at: fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 }),
  values: anyValues,
});
const anyHeader = fc.record({
  boot: fc.integer({ min: 0, max: 0xffff_ffff }),
  seq: fc.maxSafeNat(),
  bootAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  clockTrust: fc.constantFrom('none', 'file', 'ntp', 'gps') as fc.Arbitrary<Batch['clockTrust']>,
  origin: fc.constantFrom('measured', 'replayed', 'simulated') as fc.Arbitrary<Batch['origin']>,
});

describe('codec', () => {
  it('brings any readings back exactly at their resolution, whatever their order and their clock', () => {
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 40 }), anyHeader, (readings, header) => {
        const { opened, readings: back } = travel(batchOf(readings, [], header));
        expect(opened.header).toMatchObject(header);
        expect(back).toEqual(readings);
      }),
      { numRuns: 400 },
    );
  });

  it('rounds a value to its resolution, and only once', () => {
    const { readings } = travel(batchOf([{ at: 1_760_000_000_500, values: { rpm: 833.1, lat: 48.123_456_789 } }]));
    expect(readings[0]?.values).toEqual({ rpm: 833, lat: 48.123_456_8 });
    expect(atResolution('rpm', 833.1)).toBe(833);
  });

  it('carries facts and an empty batch', () => {
    const facts: Fact[] = [{ kind: 'faults', at: 1_760_000_000_000, milOn: true, codes: ['P0401'] }];
    expect(travel(batchOf([], facts)).facts).toEqual(facts);
    expect(travel(batchOf([])).readings).toEqual([]);
  });

  it('refuses to encode what is no number', () => {
    const broken = batchOf([{ at: 1_760_000_000_000, values: { rpm: Number.NaN } }]);
    expect(() => encodeBatch(broken, compressor)).toThrow(RangeError);
  });

  it('names what is wrong with damaged bytes', () => {
    const { bytes } = travel(batchOf([{ at: 1_760_000_000_000, values: { rpm: 900 } }]));
    const code = (damaged: Uint8Array) => {
      try {
        decodeBatch(openBatch(damaged), compressor);
      } catch (error) {
        return (error as CodecError).code;
      }
      return 'none';
    };
    const flipped = (at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(code(bytes.subarray(0, bytes.length - 1))).toBe('batch_truncated');
    expect(code(flipped(0))).toBe('batch_malformed');
    expect(code(flipped(2))).toBe('batch_version_unknown');
    expect(code(flipped(30))).toBe('batch_corrupt');
    expect(code(new Uint8Array(BATCH_LIMITS.bytes + 1))).toBe('batch_too_large');
    expect(code(new Uint8Array())).toBe('batch_truncated');
  });

  it('ends any bytes in readings or a code, never otherwise', () => {
    const opens = (bytes: Uint8Array) => {
      try {
        decodeBatch(openBatch(bytes), compressor);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
      }
    };
    const contents = (bytes: Uint8Array) => {
      try {
        expect(readContents(bytes, 0, compressor).readings.length).toBeLessThanOrEqual(BATCH_LIMITS.readings);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), opens), { numRuns: 2000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), contents), { numRuns: 5000 });
    // Bytes that begin well and are then changed reach deeper than random ones.
    const good = writeContents(
      Array.from({ length: 30 }, (_, i) => ({
        at: i * 1000,
        values: { rpm: 800 + i, lat: 48 + i / 1e4, ...(i % 3 ? {} : { fuelLevelPct: 50 }) },
      })),
      [],
      0,
      compressor,
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = good.slice();
          for (const [at, byte] of changes) bytes[at] = byte;
          contents(bytes);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('inflates a column no further than its readings can need, whatever a deflate bomb promises', () => {
    const bomb = deflateRawSync(new Uint8Array(64 * 2 ** 20));
    const bytes = new Uint8Array([
      2,
      1,
      0x01,
      0x80 | (bomb.length & 127),
      0x80 | ((bomb.length >> 7) & 127),
      bomb.length >> 14,
      ...bomb,
    ]);
    expect(() => readContents(bytes, 0, compressor)).toThrow('batch_too_large');
  });

  it('deflates a long column where that is smaller, and reads it back', () => {
    const readings = Array.from({ length: 900 }, (_, i) => ({
      at: i * 1000,
      values: { engineLoadPct: [17.3, 42.7, 55.3][(i * 7919) % 3] as number },
    }));
    const deflated: number[] = [];
    const watching: Compressor = {
      ...compressor,
      inflate: (bytes, maxBytes) => {
        deflated.push(bytes.length);
        return compressor.inflate(bytes, maxBytes);
      },
    };
    expect(readContents(writeContents(readings, [], 0, compressor), 0, watching).readings).toEqual(readings);
    expect(deflated).toHaveLength(1);
  });

  it('skips metrics of a newer catalogue and counts them', () => {
    const bytes = writeContents([{ at: 5, values: { rpm: 800 } }], [], 0, compressor);
    // The only metric's id is the byte before presence, column head and value.
    const at = bytes.lastIndexOf(METRICS.rpm.id);
    bytes[at] = 127;
    expect(readContents(bytes, 0, compressor)).toEqual({
      readings: [{ at: 5, values: {} }],
      facts: [],
      unknownMetrics: 1,
    });
  });

  it('frames several batches into one upload and back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 20 }), (batches) => {
        expect(unframeBatches(frameBatches(batches)).map((b) => [...b])).toEqual(batches.map((b) => [...b]));
      }),
    );
    expect(() => unframeBatches(new Uint8Array())).toThrow('batch_empty');
    expect(() => unframeBatches(Uint8Array.of(255, 255, 255, 255, 1))).toThrow('batch_truncated');
  });
});
