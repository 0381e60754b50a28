import { CodecError } from './codec-error.ts';

const GROW_FROM = 256;

/** Appends bytes, varints and fixed-size numbers to a buffer that grows by doubling. */
export class ByteWriter {
  #bytes = new Uint8Array(GROW_FROM);
  #length = 0;

  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const bigger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      bigger.set(this.#bytes.subarray(0, at));
      this.#bytes = bigger;
    }
    this.#length = needed;
    return at;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    new DataView(this.#bytes.buffer).setUint32(at, value >>> 0, true);
  }

  /** LEB128 of a whole number from 0 to 2^53−1. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`not a whole number from 0 to 2^53-1: ${value}`);
    let rest = value;
    while (rest >= 128) {
      this.u8((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.u8(rest);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what `ByteWriter` wrote; every read past the end is a `batch_truncated`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get position(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new CodecError('batch_truncated');
    this.#at += 1;
    return value;
  }

  u32(): number {
    const four = this.bytes(4);
    return new DataView(four.buffer, four.byteOffset, 4).getUint32(0, true);
  }

  varint(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < 8; i += 1) {
      const byte = this.u8();
      value += (byte & 127) * unit;
      if (!Number.isSafeInteger(value)) break;
      if (byte < 128) return value;
      unit *= 128;
    }
    throw new CodecError('batch_malformed', 'a number is too large');
  }

  /** All that is left, without moving on; a view. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** A view, not a copy; moves on. */
  bytes(count: number): Uint8Array {
    if (count > this.left) throw new CodecError('batch_truncated');
    const view = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return view;
  }
}
