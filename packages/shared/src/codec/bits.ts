import { CodecError } from './codec-error.ts';

// Bits, most significant first, and adaptive Rice codes over them (Golomb 1966; Rice 1979; the adaptation is that of
// LOCO-I/JPEG-LS: the parameter follows the running mean of what was coded, so that it needs no table of its own).

export class BitWriter {
  #bytes = new Uint8Array(64);
  #length = 0;
  #current = 0;
  #used = 0;

  /** `count` low bits of a whole number; up to 53 of them. */
  bits(value: number, count: number): void {
    // Whole bytes at a time, and never more than 32 bits in one integer operation.
    let left = count;
    while (left > 0) {
      const take = Math.min(left, 8 - this.#used);
      const chunk = Math.floor(value / 2 ** (left - take)) % 2 ** take;
      this.#current = (this.#current << take) | chunk;
      this.#used += take;
      left -= take;
      if (this.#used === 8) this.#push();
    }
  }

  ones(count: number): void {
    for (let left = count; left > 0; left -= 8) this.bits(0xff, Math.min(left, 8));
  }

  #push(): void {
    if (this.#length === this.#bytes.length) {
      const bigger = new Uint8Array(this.#length * 2);
      bigger.set(this.#bytes);
      this.#bytes = bigger;
    }
    this.#bytes[this.#length] = this.#current;
    this.#length += 1;
    this.#current = 0;
    this.#used = 0;
  }

  finish(): Uint8Array {
    if (this.#used > 0) {
      this.#current <<= 8 - this.#used;
      this.#push();
    }
    return this.#bytes.slice(0, this.#length);
  }
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bits(count: number): number {
    let value = 0;
    let left = count;
    while (left > 0) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new CodecError('batch_truncated');
      const inByte = 8 - (this.#at & 7);
      const take = Math.min(left, inByte);
      value = value * 2 ** take + ((byte >> (inByte - take)) & (2 ** take - 1));
      this.#at += take;
      left -= take;
    }
    return value;
  }

  /** How many ones come next, `most` at the most; takes the zero behind them, if there are fewer. */
  ones(most: number): number {
    let count = 0;
    for (let at = this.#at; ; at += 1) {
      const byte = this.#bytes[at >> 3];
      if (byte === undefined) throw new CodecError('batch_truncated');
      const one = (byte >> (7 - (at & 7))) & 1;
      if (one) count += 1;
      if (!one || count === most) {
        this.#at = at + 1;
        return count;
      }
    }
  }

  /** Whole bytes used so far. */
  get bytesRead(): number {
    return (this.#at + 7) >> 3;
  }
}

/** Longest unary part; beyond it the value follows in full, so that one outlier costs 77 bits and not millions. */
const ESCAPE = 24;
const FULL_BITS = 53;
/** The running mean forgets: halved when this many values were seen. */
const WINDOW = 32;

/** Keeps the Rice parameter of one column; writer and reader run the same steps. */
export class RiceState {
  #sum: number;
  #count = 1;

  constructor(firstParameter: number) {
    this.#sum = 2 ** firstParameter;
  }

  /** The smallest k with count · 2^k ≥ sum; by doubling, which is exact everywhere, unlike logarithms. */
  get parameter(): number {
    let k = 0;
    for (let reach = this.#count; reach < this.#sum && k < FULL_BITS - 1; reach *= 2) k += 1;
    return k;
  }

  seen(value: number): void {
    this.#sum += value;
    this.#count += 1;
    if (this.#count >= WINDOW) {
      this.#sum = Math.ceil(this.#sum / 2);
      this.#count = this.#count / 2;
    }
  }
}

export function writeRice(out: BitWriter, state: RiceState, value: number): void {
  const k = state.parameter;
  const high = Math.floor(value / 2 ** k);
  if (high < ESCAPE) {
    out.ones(high);
    out.bits(0, 1);
    out.bits(value % 2 ** k, k);
  } else {
    out.ones(ESCAPE);
    out.bits(value, FULL_BITS);
  }
  state.seen(value);
}

export function readRice(from: BitReader, state: RiceState): number {
  const k = state.parameter;
  const high = from.ones(ESCAPE);
  const value = high < ESCAPE ? high * 2 ** k + from.bits(k) : from.bits(FULL_BITS);
  state.seen(value);
  return value;
}
