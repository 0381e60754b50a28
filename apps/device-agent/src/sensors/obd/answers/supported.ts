/** PIDs of service 01 that a mask of four bytes names: bit 7 of the first byte is `base` + 1 (SAE J1979). Empty when short. */
export function supportedPids(base: number, mask: readonly number[]): number[] {
  if (mask.length < 4) return [];
  const pids: number[] = [];
  for (let i = 0; i < 32; i += 1) if (((mask[i >> 3] ?? 0) << (i & 7)) & 0x80) pids.push(base + i + 1);
  return pids;
}
