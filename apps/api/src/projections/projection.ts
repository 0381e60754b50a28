import type { UnderstoodEntry } from '../stores/log/batch-log.ts';

/**
 * What an entry says about one vehicle: that in which its box sat at the time of these readings and facts. An entry becomes
 * several of these (`part` 0, 1, …) only when the box changed vehicle inside it; `part` 0 carries the entry's refusals.
 */
export interface VehicleEntry extends UnderstoodEntry {
  /** Undefined when the box was in no vehicle then: the entry stays in the log and in the ledger, nothing else. */
  readonly vehicleId: string | undefined;
  readonly part: number;
  /** Index of each of `facts` within the entry: with (box, boot, seq) its identity for ever. */
  readonly factIndexes: readonly number[];
}

export type ProjectionName = 'series' | 'state' | 'ledger' | 'facts';

/**
 * A consumer of the log that can be dropped and rebuilt by reading the log again, and comes out equal.
 *
 * `apply` must be atomic with its cursor: after a crash at any moment each entry has had its effect exactly once. It must
 * not depend on the order in which entries arrive. `digest` is over the projection's whole content, hex.
 */
export interface Projection {
  readonly name: ProjectionName;
  cursor(): Promise<bigint>;
  apply(entries: readonly VehicleEntry[], cursor: bigint): Promise<void>;
  reset(): Promise<void>;
  digest(): Promise<string>;
}
