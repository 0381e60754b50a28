import type { Message } from './message.ts';

// ISO 15765-2 (ISO-TP) on CAN: what does not fit in one frame of eight bytes comes as a first frame with the length and
// numbered consecutive frames. Frames of several computers interleave. A message that lacks a frame, or has one too many, is
// dropped: half a fault list is worse than none.

export interface CanFrame {
  readonly ecu: string;
  /** Up to eight bytes, protocol control byte first. */
  readonly bytes: readonly number[];
}

/** What real control units fill frames with. */
const PADDING = new Set([0x00, 0x55, 0xaa, 0xcc, 0xff]);

/** The messages of these frames in order of computer, and how many frames belonged to none. */
export function assembleCan(frames: readonly CanFrame[]): { messages: Message[]; dropped: number } {
  const messages: Message[] = [];
  let dropped = 0;
  const byEcu = groupByEcu(frames);
  for (const ecu of [...byEcu.keys()].sort()) {
    const parts: number[][] = [];
    for (const { bytes } of byEcu.get(ecu) ?? []) {
      const kind = (bytes[0] ?? 0xff) >> 4;
      if (kind === 0) {
        const data = singleFrame(bytes);
        if (data) messages.push({ ecu, data });
        else dropped += 1;
      } else if ((kind === 1 || kind === 2) && bytes.length <= 8) parts.push([...bytes]);
      else dropped += 1;
    }
    if (parts.length === 0) continue;
    const data = multiFrame(parts);
    if (data) messages.push({ ecu, data });
    else dropped += parts.length;
  }
  return { messages, dropped };
}

function groupByEcu(frames: readonly CanFrame[]): Map<string, CanFrame[]> {
  const groups = new Map<string, CanFrame[]>();
  for (const frame of frames) groups.set(frame.ecu, [...(groups.get(frame.ecu) ?? []), frame]);
  return groups;
}

function singleFrame(bytes: readonly number[]): number[] | undefined {
  const length = bytes[0] ?? 0;
  if (length < 1 || length > 7 || bytes.length > 8 || bytes.length < length + 1) return undefined;
  return isPadding(bytes.slice(length + 1)) ? bytes.slice(1, length + 1) : undefined;
}

function multiFrame(parts: readonly number[][]): number[] | undefined {
  const firsts = parts.filter((part) => (part[0] ?? 0) >> 4 === 1);
  const first = firsts[0];
  if (firsts.length !== 1 || first?.length !== 8) return undefined;
  const length = ((first[0] ?? 0) & 0x0f) * 256 + (first[1] ?? 0);
  const following = inSequence(parts.filter((part) => part !== first));
  if (length < 8 || !following || following.length !== Math.ceil((length - 6) / 7)) return undefined;
  // Only the last frame may be short.
  if (following.slice(0, -1).some((part) => part.length !== 8)) return undefined;
  const data = [...first.slice(2), ...following.flatMap((part) => part.slice(1))];
  return data.length >= length && isPadding(data.slice(length)) ? data.slice(0, length) : undefined;
}

/** Consecutive frames by their number, which counts 1…15, 0, 1…; undefined when one is missing or twice. */
function inSequence(parts: readonly number[][]): number[][] | undefined {
  const numbered = parts.map((part, i) => {
    const expected = i + 1;
    const nibble = (part[0] ?? 0) & 0x0f;
    // The number nearest to the place where it arrived.
    return { number: expected + ((((nibble - expected + 8) % 16) + 16) % 16) - 8, part };
  });
  numbered.sort((a, b) => a.number - b.number);
  return numbered.every(({ number }, i) => number === i + 1) ? numbered.map(({ part }) => part) : undefined;
}

const isPadding = (rest: readonly number[]): boolean =>
  rest.every((byte) => byte === rest[0]) && (rest.length === 0 || PADDING.has(rest[0] ?? 0));
