import { assembleBare } from './bare.ts';
import { hexBytes } from './hex.ts';
import { assembleCan, type CanFrame } from './isotp.ts';
import { assembleLegacy, type LegacyLine, legacyLine } from './legacy.ts';
import type { LineForm, Message } from './message.ts';

// From the lines of one reply to messages. When the form is known, a line of another form is not data: a clone that forgot
// its settings, or noise that ate the beginning of a line, must not be read by another rule that happens to fit.

export interface Assembled {
  /** In order of computer: the engine's (7E8, 18DAF110, 10) come first. */
  readonly messages: readonly Message[];
  /** Lines and frames that belong to no whole message. */
  readonly dropped: number;
  /** The form that the messages had; undefined when there are none. */
  readonly form: Exclude<LineForm, 'any'> | undefined;
}

const CAN_11 = /^7[0-9A-F]{2}$/;
const CAN_29 = /^1[0-9A-F]DAF1[0-9A-F]{2}$/;

/** Reads lines that answer service `mode` and look like `form`. Never throws. */
export function assemble(lines: readonly string[], mode: number, form: LineForm = 'any'): Assembled {
  const can11: CanFrame[] = [];
  const can29: CanFrame[] = [];
  const legacy: LegacyLine[] = [];
  const bare: string[] = [];
  let dropped = 0;
  for (const line of lines) {
    const digits = line.replaceAll(' ', '');
    const may = (wanted: LineForm) => form === wanted || form === 'any';
    const frame11 = may('can11') ? canFrame(digits, 3, CAN_11) : undefined;
    const frame29 = may('can29') ? canFrame(digits, 8, CAN_29) : undefined;
    if (frame11) can11.push(frame11);
    else if (frame29) can29.push(frame29);
    else if (may('bare') && isBare(line, mode)) bare.push(line);
    else {
      const bytes = may('legacy') ? hexBytes(digits) : undefined;
      const row = bytes && legacyLine(bytes);
      // Not knowing the form, only a row whose fourth byte answers the request is taken for one.
      if (row && (form === 'legacy' || row.data[0] === mode + 0x40 || row.data[0] === 0x7f)) legacy.push(row);
      else dropped += 1;
    }
  }
  const found = [
    { form: 'can11' as const, ...assembleCan(can11) },
    { form: 'can29' as const, ...assembleCan(can29) },
    { form: 'legacy' as const, ...assembleLegacy(legacy) },
    { form: 'bare' as const, ...assembleBare(bare, mode) },
  ];
  return {
    messages: found.flatMap(({ messages }) => messages),
    dropped: found.reduce((sum, part) => sum + part.dropped, dropped),
    form: found.find(({ messages }) => messages.length > 0)?.form,
  };
}

function canFrame(digits: string, idDigits: number, id: RegExp): CanFrame | undefined {
  const ecu = digits.slice(0, idDigits);
  const bytes = hexBytes(digits.slice(idDigits));
  return id.test(ecu) && bytes && bytes.length >= 2 && bytes.length <= 8 ? { ecu, bytes } : undefined;
}

function isBare(line: string, mode: number): boolean {
  if (/^([0-9A-F]{3}(\s+[0-9A-F]:.*)?|[0-9A-F]:.*)$/.test(line)) return true;
  const bytes = hexBytes(line.replaceAll(' ', ''));
  return bytes !== undefined && (bytes[0] === mode + 0x40 || (bytes[0] === 0x7f && bytes[1] === mode));
}
