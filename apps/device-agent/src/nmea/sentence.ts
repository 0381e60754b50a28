/** One NMEA 0183 sentence, checksum verified where it has one. */
export interface Sentence {
  /** Who speaks, for example `GP` or `GN`. */
  readonly talker: string;
  /** What is said, for example `RMC`. */
  readonly type: string;
  /** The fields after the address. */
  readonly fields: readonly string[];
}

const ADDRESS = /^[A-Z]{2}[A-Z0-9]{3}$/;
/** The standard says 82; receivers with many satellites or long texts write more. */
const MAX_CHARACTERS = 256;

/**
 * The sentence in a line; `undefined` when the line is none or its checksum (exclusive or of all between `$` and `*`) fails.
 * A maker's own sentence has talker `P` when it keeps to the standard, and an empty one when it only has a good checksum.
 */
export function parseSentence(line: string): Sentence | undefined {
  const from = line.lastIndexOf('$');
  if (from < 0 || line.length - from > MAX_CHARACTERS) return undefined;
  const star = line.indexOf('*', from);
  const body = line.slice(from + 1, star < 0 ? undefined : star).trimEnd();
  if (star >= 0 && !checksumMatches(body, line.slice(star + 1))) return undefined;
  const [address = '', ...fields] = body.split(',');
  if (address.startsWith('P')) return { talker: 'P', type: address.slice(1), fields };
  if (!ADDRESS.test(address)) return star < 0 ? undefined : { talker: '', type: address, fields };
  return { talker: address.slice(0, 2), type: address.slice(2), fields };
}

function checksumMatches(body: string, written: string): boolean {
  const digits = written.trim();
  if (!/^[0-9A-Fa-f]{2}/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < body.length; i += 1) sum ^= body.charCodeAt(i);
  return sum === Number.parseInt(digits.slice(0, 2), 16);
}
