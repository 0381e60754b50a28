import type { UnderstoodEntry } from '../stores/log/batch-log.ts';

/** An entry with the vehicle in which its box sat at each reading's time resolved. */
export interface VehicleEntry extends UnderstoodEntry {
  /** Undefined when the box was in no vehicle then: the entry stays in the log and in the ledger, nothing else. */
  readonly vehicleId: string | undefined;
}

/**
 * A consumer of the log that can be dropped and rebuilt by reading the log again, and comes out equal.
 *
 * `apply` must be atomic with its cursor: after a crash at any moment each entry has had its effect exactly once. It must
 * not depend on the order in which entries arrive. `digest` is over the projection's whole content, hex.
 */
export interface Projection {
  readonly name: 'series' | 'state' | 'ledger' | 'facts';
  cursor(): Promise<bigint>;
  apply(entries: readonly VehicleEntry[], cursor: bigint): Promise<void>;
  reset(): Promise<void>;
  digest(): Promise<string>;
}
