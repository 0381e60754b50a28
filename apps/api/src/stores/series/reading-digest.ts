// The digest by which two stores, or a store before and after a rebuild, are compared. Each reading gives a 64-bit hash of
// who it is and of every (metric, step) in it; the digest is their sum modulo 2^64. A sum, because it does not depend on the
// order of arrival and counts repetitions (an exclusive-or would let a doubled reading vanish). Not a seal against forgery:
// that is the log's work.

const LOW = 0x1_0000_0000;

export interface DigestSum {
  /** Begins a reading; its metrics follow by rising id, then `end`. */
  begin(boxId: string, at: number, boot: number, seq: number, index: number): void;
  metric(id: number, step: number): void;
  end(): void;
  readings(): number;
  /** 16 hex digits. */
  hex(): string;
}

export function createDigestSum(): DigestSum {
  let a = 0;
  let b = 0;
  let sumLow = 0;
  let sumHigh = 0;
  let readings = 0;
  const seeds = new Map<string, [number, number]>();

  const word = (value: number) => {
    a = Math.imul(rotate(a ^ Math.imul(value, 0xcc9e2d51), 13), 5) + 0x561ccd1b;
    b = Math.imul(rotate(b ^ Math.imul(value, 0x1b873593), 17), 9) + 0x0bcaa747;
  };
  /** Any whole number up to 2^53, negative ones too. */
  const number = (value: number) => {
    word((value % LOW) | 0);
    word(Math.floor(value / LOW) | 0);
  };
  const seedOf = (boxId: string): [number, number] => {
    let seed = seeds.get(boxId);
    if (!seed) {
      a = 0x9747b28c;
      b = 0x3c6ef372;
      for (let i = 0; i < boxId.length; i += 1) word(boxId.charCodeAt(i));
      seed = [a, b];
      seeds.set(boxId, seed);
    }
    return seed;
  };

  return {
    begin: (boxId, at, boot, seq, index) => {
      const seed = seedOf(boxId);
      a = seed[0];
      b = seed[1];
      number(at);
      number(boot);
      number(seq);
      number(index);
    },
    metric: (id, step) => {
      word(id);
      number(step);
    },
    end: () => {
      const low = sumLow + (finish(a ^ rotate(b, 7)) >>> 0);
      sumLow = low % LOW;
      sumHigh = (sumHigh + (finish(b + Math.imul(a, 0x85ebca6b)) >>> 0) + (low >= LOW ? 1 : 0)) % LOW;
      readings += 1;
    },
    readings: () => readings,
    hex: () => sumHigh.toString(16).padStart(8, '0') + sumLow.toString(16).padStart(8, '0'),
  };
}

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));

/** MurmurHash3's finaliser (Austin Appleby, public domain): every input bit reaches every output bit. */
function finish(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
