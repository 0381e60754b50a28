// Which site to talk to: the first of the list that works. Pure, like the batcher. A box that had to leave the first site
// goes back by itself, but only after that site has answered for a while: going to and fro costs more than staying.

/** How often the better sites are tried while on a worse one. */
const PROBE_EVERY_MS = 15_000;
/** A better site must have answered for this long before it is used again. */
const WELL_FOR_MS = 60_000;

export type SiteList = ReturnType<typeof createSiteList>;

/** `sites` in order of preference, at least one; `random` spreads the probes of many boxes. Times are monotonic ms. */
export function createSiteList(sites: readonly string[], random: () => number = Math.random) {
  if (sites.length === 0) throw new RangeError('at least one site is needed');
  let current = 0;
  let failures = 0;
  let probeAtMs = Number.POSITIVE_INFINITY;
  let wellSinceMs: number | undefined;

  const scheduleProbe = (nowMs: number): void => {
    probeAtMs = current === 0 ? Number.POSITIVE_INFINITY : nowMs + PROBE_EVERY_MS * (0.75 + random() / 2);
  };

  return {
    current: (): string => sites[current] ?? '',
    /** Failed tries since the last success, over all sites. */
    failures: (): number => failures,
    succeeded(): void {
      failures = 0;
    },
    /** Moves on to the next site. True when all have failed since the last success, so that it is time to wait. */
    failed(nowMs: number): boolean {
      failures += 1;
      current = (current + 1) % sites.length;
      wellSinceMs = undefined;
      scheduleProbe(nowMs);
      return failures % sites.length === 0;
    },
    /** The first site, when it is time to ask how it is. */
    probeDue: (nowMs: number): string | undefined => (nowMs >= probeAtMs ? sites[0] : undefined),
    /** What the first site answered. True when the box has gone back to it. */
    probed(well: boolean, nowMs: number): boolean {
      wellSinceMs = well ? (wellSinceMs ?? nowMs) : undefined;
      if (wellSinceMs !== undefined && nowMs - wellSinceMs >= WELL_FOR_MS) {
        current = 0;
        wellSinceMs = undefined;
      }
      scheduleProbe(nowMs);
      return current === 0;
    },
  };
}
