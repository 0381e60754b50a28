import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { AppError } from '../../http/app-error.ts';

// Where the log lives in JetStream: one stream of batches, one of conflicts. Nothing in them ages, is deleted or makes room for
// something newer; a full disk refuses the new and keeps the old.

export interface NatsNames {
  readonly stream: string;
  readonly conflictStream: string;
  readonly prefix: string;
  readonly conflictPrefix: string;
  /** Core subject on which writers say how far the log reaches; a hint, not stored. */
  readonly notes: string;
}

/** `name`: letters, digits, dashes. Sites that share a cluster use different ones. */
export const natsNames = (name: string): NatsNames => ({
  stream: `${name}_LOG`,
  conflictStream: `${name}_CONFLICTS`,
  prefix: `${name}.log`,
  conflictPrefix: `${name}.conflict`,
  notes: `${name}.reached`,
});

/** Makes the streams, or finds them. Copies of a stream (`replicas`) survive the loss of a server. */
export async function ensureStreams(jsm: JetStreamManager, names: NatsNames, replicas: number): Promise<void> {
  for (const [name, subjects] of [
    [names.stream, `${names.prefix}.>`],
    [names.conflictStream, `${names.conflictPrefix}.>`],
  ] as const) {
    try {
      await jsm.streams.info(name);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NOT_FOUND) throw error;
      await jsm.streams.add({
        name,
        subjects: [subjects],
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.New,
        num_replicas: replicas,
        max_age: 0,
        deny_delete: true,
        deny_purge: true,
        allow_direct: true,
      });
    }
  }
}

const STREAM_NOT_FOUND = 10_059;
/** "wrong last sequence": the subject has a message already. */
const WRONG_LAST_SEQUENCE = 10_071;

export const isTaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE;

/**
 * Everything that goes wrong between us and the broker (no connection, no leader, no space, no answer in time) passes and is
 * `store_unavailable`; mistakes of ours are not.
 */
export async function orNatsAway<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError || error instanceof TypeError || error instanceof RangeError) throw error;
    throw new AppError('store_unavailable', 'the log does not answer', { cause: error, retryAfterS: 5 });
  }
}
