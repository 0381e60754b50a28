import type { Clock } from '../../clock.ts';
import type { Port } from '../transport/port.ts';

// What happens to bytes between a box and its adapter: loose plugs, radio, cheap converters, adapters that think too long.
// Nothing here replaces a digit by another one: an ELM327 line has no checksum, and no reader could know. Nor is a command cut
// in two by a carriage return: `01` and `04` would erase the car's codes, and nobody could prevent it.

/** Probability per chunk of bytes on its way (0…1). */
export interface FaultRates {
  /** One byte is lost. */
  readonly drop: number;
  /** Up to eight bytes of noise between two bytes; never hex digits. */
  readonly garbage: number;
  /** What was sent comes back. */
  readonly echo: number;
  /** Arrives in single bytes. */
  readonly split: number;
  /** Arrives up to `delayMs` later. */
  readonly delay: number;
  readonly delayMs: number;
  /** A reply is held back until the next command: from then on all stand one place too late. */
  readonly desynchronise: number;
  /** A prompt too many. */
  readonly prompt: number;
  /** The line is cut. */
  readonly cut: number;
}

export const NO_FAULTS: FaultRates = {
  drop: 0,
  garbage: 0,
  echo: 0,
  split: 0,
  delay: 0,
  delayMs: 0,
  desynchronise: 0,
  prompt: 0,
  cut: 0,
};

/** A deterministic stream of numbers in 0…1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const CARRIAGE_RETURN = 0x0d;
const NOISE = [...Buffer.from('\u0000\u0007\u001b\u007f\u00e9\u00ff~#*GZxyz.:? \r\n<', 'latin1')];

/** `port` with faults in both directions; bytes keep their order. `seen` hears what the adapter really said. */
export function faultyPort(
  port: Port,
  rates: FaultRates,
  random: () => number,
  clock: Clock,
  seen: (bytes: Uint8Array) => void = () => undefined,
): Port {
  let listener: ((bytes: Uint8Array) => void) | undefined;
  let toBox = Promise.resolve();
  let held: Uint8Array[] = [];
  let holding = 0;
  let isClosed = false;
  void port.closed.then(() => {
    isClosed = true;
  });
  const happens = (rate: number) => random() < rate;
  const pick = (below: number) => Math.floor(random() * below);

  function damage(bytes: Uint8Array, isCommand = false): number[] {
    const list = [...bytes];
    if (list.length > 0 && happens(rates.drop)) list.splice(pick(list.length), 1);
    if (happens(rates.garbage)) {
      const all = isCommand ? NOISE.filter((byte) => byte !== CARRIAGE_RETURN) : NOISE;
      const noise = Array.from({ length: 1 + pick(8) }, () => all[pick(all.length)] ?? 0);
      list.splice(pick(list.length + 1), 0, ...noise);
    }
    return list;
  }

  function deliver(bytes: Uint8Array): void {
    const list = damage(bytes);
    if (happens(rates.prompt)) list.push(0x3e);
    const waitMs = happens(rates.delay) ? pick(rates.delayMs) : 0;
    const parts = happens(rates.split) ? list.map((byte) => [byte]) : [list];
    toBox = toBox.then(async () => {
      if (waitMs > 0) await clock.sleep(waitMs);
      for (const part of parts) {
        if (isClosed) return;
        listener?.(Uint8Array.from(part));
        if (parts.length > 1) await clock.sleep(1 + pick(3));
      }
    });
  }

  port.onData((bytes) => {
    seen(bytes);
    if (holding > 0) held.push(bytes.slice());
    else deliver(bytes);
  });

  return {
    closed: port.closed,
    onData(next) {
      listener = next;
    },
    async write(text) {
      if (happens(rates.cut)) {
        await port.close();
        throw new Error('cut');
      }
      if (happens(rates.echo)) deliver(Buffer.from(text, 'latin1'));
      // What was held back arrives now, in place of the answer that is not there yet.
      const late = held;
      held = [];
      for (const bytes of late) deliver(bytes);
      if (holding > 0) holding -= 1;
      else if (happens(rates.desynchronise)) holding = 1 + pick(3);
      const bytes = damage(Buffer.from(text, 'latin1'), true);
      if (bytes.length > 0) await port.write(Buffer.from(bytes).toString('latin1'));
    },
    async close() {
      isClosed = true;
      await port.close();
    },
  };
}
