// What every benchmark gives: measures with a goal, and where it makes sense the same thing done another way in the same run,
// so that the ratio holds on a noisy machine where absolute figures do not.

export interface Measure {
  readonly key: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly goal?: number;
  readonly against?: { readonly key: string; readonly value: number };
  /** How many times better than `against`; above 1 is a gain whichever way is better. */
  readonly ratio?: number;
}

export interface BenchOptions {
  /** Recorded drives to use in place of the simulator's: a file or a folder. */
  readonly input?: string;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Measure[]>;

/** A measure beside its rival, with the ratio worked out. */
export function compared(
  measure: Omit<Measure, 'against' | 'ratio'>,
  against: { key: string; value: number },
): Measure {
  const ratio = measure.better === 'lower' ? against.value / measure.value : measure.value / against.value;
  return { ...measure, against, ratio };
}

/** The value below which `share` (0–1) of the sorted sample lies (nearest rank). */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}
