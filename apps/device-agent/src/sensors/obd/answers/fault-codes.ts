// Fault codes (SAE J2012) of services 03, 07 and 0A: two bytes each. On CAN a count stands before them, elsewhere not; the
// parity of what follows the service tells them apart, and where the bus is known it must agree. Anything that does not fit
// is "unknown", which is not "no faults".

const LETTERS = 'PCBU';

/** One code from its two bytes, for example 0x0104 → P0104. */
export function faultCode(high: number, low: number): string {
  const rest = (((high & 0x0f) << 8) | low).toString(16).toUpperCase().padStart(3, '0');
  return `${LETTERS[high >> 6] ?? 'P'}${(high >> 4) & 3}${rest}`;
}

/**
 * The codes in one message; `data` is what follows the service byte. `bus` is `can`, `legacy`, or undefined when not known.
 * Undefined when the message is cut short or contradicts itself.
 */
export function faultCodes(data: readonly number[], bus?: 'can' | 'legacy'): string[] | undefined {
  const counted = data.length % 2 === 1;
  if (data.length === 0 || (bus && counted !== (bus === 'can'))) return undefined;
  const pairs = counted ? data.slice(1) : data;
  const count = counted ? (data[0] ?? 0) : pairs.length / 2;
  if (pairs.length < count * 2) return undefined;
  const codes: string[] = [];
  for (let i = 0; i < count * 2; i += 2) {
    const [high = 0, low = 0] = pairs.slice(i, i + 2);
    // 0000 fills a line that has room left.
    if (high !== 0 || low !== 0) codes.push(faultCode(high, low));
  }
  return codes;
}
