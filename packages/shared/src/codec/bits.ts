import { CodecError } from './codec-error.ts';

// Bits, most significant first, and adaptive Rice codes over them (Golomb 1966; Rice 1979; the adaptation is that of
// LOCO-I/JPEG-LS: the parameter follows the running mean of what was coded, so that it needs no table of its own).

export class BitWriter {
  readonly #bytes: number[] = [];
  #current = 0;
  #used = 0;

  bit(bit: number): void {
    this.#current = (this.#current << 1) | bit;
    this.#used += 1;
    if (this.#used === 8) {
      this.#bytes.push(this.#current);
      this.#current = 0;
      this.#used = 0;
    }
  }

  /** `count` low bits of a whole number; up to 53 of them. */
  bits(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i -= 1) this.bit(Math.floor(value / 2 ** i) % 2);
  }

  finish(): Uint8Array {
    if (this.#used > 0) this.#bytes.push((this.#current << (8 - this.#used)) & 0xff);
    return Uint8Array.from(this.#bytes);
  }
}

export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bit(): number {
    const byte = this.#bytes[this.#at >> 3];
    if (byte === undefined) throw new CodecError('batch_truncated');
    const bit = (byte >> (7 - (this.#at & 7))) & 1;
    this.#at += 1;
    return bit;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit();
    return value;
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

  get parameter(): number {
    let k = 0;
    while (this.#count * 2 ** k < this.#sum && k < FULL_BITS - 1) k += 1;
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
    for (let i = 0; i < high; i += 1) out.bit(1);
    out.bit(0);
    out.bits(value % 2 ** k, k);
  } else {
    for (let i = 0; i < ESCAPE; i += 1) out.bit(1);
    out.bits(value, FULL_BITS);
  }
  state.seen(value);
}

export function readRice(from: BitReader, state: RiceState): number {
  const k = state.parameter;
  let high = 0;
  while (high < ESCAPE && from.bit() === 1) high += 1;
  const value = high < ESCAPE ? high * 2 ** k + from.bits(k) : from.bits(FULL_BITS);
  state.seen(value);
  return value;
}
