import type { LogEntry } from './batch-log.ts';

// The newest entries of the log, in memory, so that readers at the end of the log (live rooms, projections that keep up) need
// no SELECT. What must stay true: the tail has no hole. It covers everything in (`start`, `end`]; a push that does not join on
// makes it begin anew behind the hole.

export interface LogTail {
  /** Position of the newest entry known here, 0n at first. */
  end(): bigint;
  /** Adds entries in order of position, where `previous` is the position of the entry right before them in the log. */
  push(entries: readonly LogEntry[], previous: bigint): void;
  /** Entries after `position`, or undefined where the tail does not reach: then the store must be asked. */
  after(position: bigint, limit: number): LogEntry[] | undefined;
}

/** A tail that holds at most `maxBytes` of bodies (each entry counted with its overhead) beyond the newest push. */
export function createLogTail(maxBytes: number): LogTail {
  let entries: LogEntry[] = [];
  let dropped = 0;
  let bytes = 0;
  let start = 0n;
  let end = 0n;

  const forgetOldest = () => {
    while (bytes > maxBytes && dropped < entries.length - 1) {
      const oldest = entries[dropped] as LogEntry;
      bytes -= sizeOf(oldest);
      start = oldest.position;
      dropped += 1;
    }
    // Moving the array costs its length: do it only when half of it is dead.
    if (dropped > 1024 && dropped * 2 > entries.length) {
      entries = entries.slice(dropped);
      dropped = 0;
    }
  };

  return {
    end: () => end,
    push(added, previous) {
      const fresh = added.filter((entry) => entry.position > end);
      const last = fresh.at(-1);
      if (!last) return;
      if (previous > end || entries.length === 0) {
        entries = [];
        dropped = 0;
        bytes = 0;
        start = previous;
      }
      for (const entry of fresh) {
        entries.push(entry);
        bytes += sizeOf(entry);
      }
      end = last.position;
      forgetOldest();
    },
    after(position, limit) {
      if (position < start || position >= end) return undefined;
      let low = dropped;
      let high = entries.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((entries[middle] as LogEntry).position <= position) low = middle + 1;
        else high = middle;
      }
      return entries.slice(low, low + limit);
    },
  };
}

const ENTRY_OVERHEAD_BYTES = 400;
const sizeOf = (entry: LogEntry): number => entry.body.byteLength + ENTRY_OVERHEAD_BYTES;
