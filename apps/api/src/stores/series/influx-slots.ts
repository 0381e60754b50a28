import type { StoredReading } from './series-store.ts';

// InfluxDB knows a point by its time alone (within one box in one vehicle), to the nanosecond; two readings of one
// millisecond must not fall together. Each reading therefore has a slot, a nanosecond within its millisecond: worked out
// from its sequence and index, so that the same reading finds the same slot again, and moved on to the next free one where
// another reading has it. Whoever stands in a slot is known by the boot, sequence and index stored with it.

const SLOTS = 1_000_000;
/** Sequences that have slots of their own: a batch has at most 4096 readings, and 244 × 4096 < 1,000,000. */
const SEQUENCES = 244;
const PER_SEQUENCE = 4096;

/** Who stands in a slot: `boot:seq:index`. */
export type ReadingName = string;
export const nameOf = (boot: number, seq: number, index: number): ReadingName => `${boot}:${seq}:${index}`;

/** Taken slots by instant (ms). */
export type TakenSlots = Map<number, Map<number, ReadingName>>;

export function takeSlot(taken: TakenSlots, at: number, slot: number, name: ReadingName): void {
  const there = taken.get(at);
  if (there) there.set(slot, name);
  else taken.set(at, new Map([[slot, name]]));
}

/** The slot of a reading, given what is taken: its own where it is stored already, else the first free one from its place. */
export function slotFor({ boot, seq, index, reading }: StoredReading, taken: TakenSlots): number {
  const there = taken.get(reading.at);
  const name = nameOf(boot, seq, index);
  const place = (seq % SEQUENCES) * PER_SEQUENCE + (index % PER_SEQUENCE);
  if (there) {
    for (const [slot, who] of there) if (who === name) return slot;
  }
  let slot = place;
  while (there?.has(slot)) slot = (slot + 1) % SLOTS;
  takeSlot(taken, reading.at, slot, name);
  return slot;
}
