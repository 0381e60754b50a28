/** The bytes of an even number of hex digits; undefined for anything else. */
export function hexBytes(digits: string): number[] | undefined {
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9A-F]+$/.test(digits)) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < digits.length; i += 2) bytes.push(Number.parseInt(digits.slice(i, i + 2), 16));
  return bytes;
}

export const hex = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
