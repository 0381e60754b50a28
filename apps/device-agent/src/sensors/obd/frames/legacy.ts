import type { Message } from './message.ts';

// J1850, ISO 9141 and KWP: three header bytes, up to seven bytes of data, a checksum. Long answers of service 09 come as
// lines of their own, each with its number and four bytes; service 03 answers with several complete lines.

const MAX_DATA = 7;
const VEHICLE_INFORMATION = 0x49;

export interface LegacyLine {
  readonly ecu: string;
  readonly data: readonly number[];
}

/** Header and checksum taken off; undefined when this cannot be such a line. */
export function legacyLine(bytes: readonly number[]): LegacyLine | undefined {
  const data = bytes.slice(3, -1);
  if (bytes.length < 5 || data.length > MAX_DATA) return undefined;
  const format = bytes[0] ?? 0;
  // KWP says its length in the first byte; J1850 and ISO 9141 begin with a priority (48, 68 …) and do not.
  if (format >> 6 === 2 && (format & 0x3f) > 0 && (format & 0x3f) !== data.length) return undefined;
  return { ecu: (bytes[2] ?? 0).toString(16).toUpperCase().padStart(2, '0'), data };
}

/** Puts numbered lines of service 09 together and leaves all others as they are; a message that lacks a line is dropped. */
export function assembleLegacy(lines: readonly LegacyLine[]): { messages: Message[]; dropped: number } {
  const messages: Message[] = [];
  let dropped = 0;
  for (const ecu of [...new Set(lines.map((line) => line.ecu))].sort()) {
    const own = lines.filter((line) => line.ecu === ecu);
    for (const { data } of own) if (data[0] !== VEHICLE_INFORMATION) messages.push({ ecu, data });
    const numbered = own.filter(({ data }) => data[0] === VEHICLE_INFORMATION);
    for (const pid of new Set(numbered.map(({ data }) => data[1] ?? -1))) {
      const parts = numbered.filter(({ data }) => data[1] === pid).sort((a, b) => (a.data[2] ?? 0) - (b.data[2] ?? 0));
      if (pid >= 0 && parts.every(({ data }, i) => data[2] === i + 1))
        messages.push({ ecu, data: [VEHICLE_INFORMATION, pid, ...parts.flatMap(({ data }) => data.slice(3))] });
      else dropped += parts.length;
    }
  }
  return { messages, dropped };
}
