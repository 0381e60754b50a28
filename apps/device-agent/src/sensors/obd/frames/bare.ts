import { hexBytes } from './hex.ts';
import { assembleLegacy, type LegacyLine } from './legacy.ts';
import type { Message } from './message.ts';

// Lines without headers. On CAN a long answer is its length (`014`) and numbered segments (`0:` `1:` …); elsewhere each line
// is complete. Some adapters run lines together when a carriage return is lost; what can be cut with certainty is cut.

const NUMBERED_LINE = 7;

/** The messages of these lines, and how many lines belonged to none. `mode` is the service that was asked. */
export function assembleBare(lines: readonly string[], mode: number): { messages: Message[]; dropped: number } {
  const parts = lines.flatMap((line) => line.split(/\s+(?=[0-9A-F]:)/)).map((part) => part.replaceAll(' ', ''));
  const segments = parts.filter((part) => /^[0-9A-F]:/.test(part));
  const lengths = parts.filter((part) => /^[0-9A-F]{3}$/.test(part));
  const complete: LegacyLine[] = [];
  let dropped = 0;
  for (const part of parts) {
    if (segments.includes(part) || lengths.includes(part)) continue;
    const bytes = hexBytes(part);
    const cut = bytes && cutNumbered(bytes, mode);
    if (cut) complete.push(...cut.map((data) => ({ ecu: '', data })));
    else dropped += 1;
  }
  const { messages, dropped: incomplete } = assembleLegacy(complete);
  const long = segments.length > 0 || lengths.length > 0 ? segmented(lengths, segments) : undefined;
  if (long) messages.push({ ecu: '', data: long });
  else dropped += segments.length;
  return { messages, dropped: dropped + incomplete };
}

/** Splits numbered lines of service 09 that ran together; undefined when this is no answer to `mode`. */
function cutNumbered(bytes: number[], mode: number): number[][] | undefined {
  const answer = mode + 0x40;
  if (bytes[0] !== answer && !(bytes[0] === 0x7f && bytes[1] === mode)) return undefined;
  if (answer !== 0x49 || bytes.length <= NUMBERED_LINE || bytes.length % NUMBERED_LINE !== 0) return [bytes];
  const lines: number[][] = [];
  for (let i = 0; i < bytes.length; i += NUMBERED_LINE) lines.push(bytes.slice(i, i + NUMBERED_LINE));
  const isRow = lines.every((line, i) => line[0] === answer && line[1] === bytes[1] && line[2] === i + 1);
  return isRow ? lines : [bytes];
}

/** The message behind one length and its segments; undefined when a segment is missing, twice or of a second message. */
function segmented(lengths: readonly string[], segments: readonly string[]): number[] | undefined {
  const length = lengths.length === 1 ? Number.parseInt(lengths[0] ?? '', 16) : 0;
  if (length < 8 || !segments.every((segment, i) => Number.parseInt(segment, 16) === i % 16)) return undefined;
  const data = hexBytes(segments.map((segment) => segment.slice(2)).join(''));
  if (!data || data.length < length || segments.length !== 1 + Math.ceil((length - 6) / 7)) return undefined;
  return data.slice(0, length);
}
