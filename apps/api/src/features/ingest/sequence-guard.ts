import type { BatchLog } from '../../stores/log/batch-log.ts';

// A box counts up by one. A number far beyond everything known is a broken or lying counter; taking it would make every later
// true number look like the past and the ledger show a hole of 2^40 batches.

export const LARGEST_JUMP = 2 ** 40;
const MOST_BOXES = 50_000;

export interface SequenceGuard {
  /** Highest number that a box may use now. */
  limitFor(boxId: string): Promise<number>;
  stored(boxId: string, seq: number): void;
}

export function createSequenceGuard(log: Pick<BatchLog, 'highestSeq'>): SequenceGuard {
  const highest = new Map<string, number>();
  const remember = (boxId: string, seq: number) => {
    if (highest.size >= MOST_BOXES) highest.clear();
    highest.set(boxId, seq);
  };
  return {
    async limitFor(boxId) {
      let known = highest.get(boxId);
      if (known === undefined) {
        known = (await log.highestSeq(boxId)) ?? 0;
        remember(boxId, known);
      }
      return known + LARGEST_JUMP;
    },
    stored(boxId, seq) {
      const known = highest.get(boxId);
      if (known !== undefined && seq > known) highest.set(boxId, seq);
    },
  };
}
