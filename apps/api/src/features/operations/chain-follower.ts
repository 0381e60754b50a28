import { NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import { createNumberRuns } from './number-runs.ts';

// Follows one box's chain in whatever order its batches arrive: each names the hash of the one before it. A batch is
// remembered only until its neighbours were seen, so a whole log passes through a few bytes a box. What must stay true: a
// missing neighbour is a hole, a neighbour with another hash is a break; the one is never reported as the other.

export interface ChainLink {
  readonly seq: number;
  /** SHA-256, hex. */
  readonly hash: string;
  /** As the batch says it, hex; all zeros = it is the first, or its form has no chain. */
  readonly previousHash: string;
}

export interface ChainReport {
  readonly batches: number;
  readonly firstSeq: number | undefined;
  readonly lastSeq: number | undefined;
  /** Runs of numbers that never came; before the first one too, when that one says that it is not the first. */
  readonly holes: readonly { readonly fromSeq: number; readonly toSeq: number }[];
  /** Numbers of batches whose previous hash is not that of the batch before. */
  readonly broken: readonly number[];
  /** Numbers that came more than once, from different starts of the box: its memory was set back. */
  readonly repeated: readonly number[];
}

export interface ChainFollower {
  add(link: ChainLink): void;
  report(): ChainReport;
}

export function createChainFollower(): ChainFollower {
  const seen = createNumberRuns();
  /** Hash of each batch whose successor has not come yet. */
  const waitingForNext = new Map<number, string>();
  /** Previous hash claimed by each batch whose predecessor has not come yet. */
  const waitingForPrevious = new Map<number, string>();
  const broken: number[] = [];
  const repeated: number[] = [];

  return {
    add({ seq, hash, previousHash }) {
      if (!seen.add(seq)) {
        repeated.push(seq);
        return;
      }
      if (previousHash !== NO_PREVIOUS_HASH) {
        const before = waitingForNext.get(seq - 1);
        if (before === undefined) waitingForPrevious.set(seq, previousHash);
        else if (before !== previousHash) broken.push(seq);
      }
      waitingForNext.delete(seq - 1);

      if (!seen.has(seq + 1)) waitingForNext.set(seq, hash);
      const claimed = waitingForPrevious.get(seq + 1);
      if (claimed !== undefined && claimed !== hash) broken.push(seq + 1);
      waitingForPrevious.delete(seq + 1);
    },
    report() {
      const firstSeq = seen.first();
      const holes = seen.holes().map(({ from, to }) => ({ fromSeq: from, toSeq: to }));
      if (firstSeq !== undefined && firstSeq > 0 && waitingForPrevious.has(firstSeq)) {
        holes.unshift({ fromSeq: 0, toSeq: firstSeq - 1 });
      }
      return {
        batches: seen.count() + repeated.length,
        firstSeq,
        lastSeq: seen.last(),
        holes,
        broken: broken.toSorted((a, b) => a - b),
        repeated: repeated.toSorted((a, b) => a - b),
      };
    },
  };
}
