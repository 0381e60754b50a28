import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, MAX_PAYLOAD_BYTES, recordAt, scanRecords } from './record.ts';

const payload = fc.uint8Array({ minLength: 1, maxLength: 200 });

describe('records', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 20 }), (payloads) => {
        const found = scanRecords(Buffer.concat(payloads.map(encodeRecord)));
        expect(found.records.map((record) => [...record.payload])).toEqual(payloads.map((bytes) => [...bytes]));
        expect(found.damagedBytes).toBe(0);
      }),
    );
  });

  it('cut off at any byte, the whole ones before it remain', () => {
    const payloads = [Buffer.from('first'), Buffer.from('second'), Buffer.from('third')];
    const records = payloads.map(encodeRecord);
    const bytes = Buffer.concat(records);
    const ends = records.map((_, i) => records.slice(0, i + 1).reduce((sum, record) => sum + record.length, 0));
    for (let length = 0; length <= bytes.length; length += 1) {
      const found = scanRecords(bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length);
      expect(found.records).toHaveLength(whole.length);
      expect(found.soundEnd).toBe(whole.at(-1) ?? 0);
      expect(found.damagedBytes).toBe(0);
    }
  });

  it('damaged anywhere, all others are found', () => {
    fc.assert(
      fc.property(
        fc.array(payload, { minLength: 2, maxLength: 8 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (payloads, where, flip) => {
          const records = payloads.map(encodeRecord);
          const bytes = Buffer.concat(records);
          const at = where % bytes.length;
          bytes[at] = (bytes[at] ?? 0) ^ flip;
          let offset = 0;
          const hit = records.findIndex((record) => {
            offset += record.length;
            return at < offset;
          });
          const sound = payloads.filter((_, i) => i !== hit).map((part) => [...part]);
          expect(scanRecords(bytes).records.map((record) => [...record.payload])).toEqual(sound);
        },
      ),
    );
  });

  it('takes neither nothing nor too much', () => {
    expect(() => encodeRecord(new Uint8Array())).toThrow(RangeError);
    expect(() => encodeRecord(new Uint8Array(MAX_PAYLOAD_BYTES + 1))).toThrow(RangeError);
    expect(recordAt(new Uint8Array(64), 0)).toBeUndefined();
    const tooLong = new Uint8Array(64);
    new DataView(tooLong.buffer).setUint32(0, MAX_PAYLOAD_BYTES + 1, true);
    expect(recordAt(tooLong, 0)).toBeUndefined();
  });
});
