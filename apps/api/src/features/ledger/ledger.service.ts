import type { LedgerHole, LedgerReply, LedgerSpan } from '@temoin/shared/ledger';
import type { BatchLog } from '../../stores/log/batch-log.ts';
import type { Pool } from '../../stores/postgres/pool.ts';
import { type LedgerRange, readHoles, readSpans, readTotals } from './ledger.repository.ts';

/** What came more than this after it was measured was late. */
export const LATE_MS = 2 * 60_000;
/** Readings closer than this are one stretch of the bar; a box under way sends every few seconds. */
const JOIN_MS = 5 * 60_000;
const MOST_HOLES = 500;
const MOST_SPANS = 2_000;
const CONFLICTS_LOOKED_AT = 1_000;

/** Is it complete, and if not, what is missing. `from` included, `to` excluded, ms UTC. */
export async function readLedger(
  { pool, log }: { pool: Pool; log: Pick<BatchLog, 'conflicts'> },
  range: LedgerRange,
): Promise<LedgerReply> {
  const [totals, received, holes, conflicts] = await Promise.all([
    readTotals(pool, range),
    readSpans(pool, range, JOIN_MS, LATE_MS),
    readHoles(pool, range, MOST_HOLES),
    log.conflicts(CONFLICTS_LOOKED_AT),
  ]);
  const { boxIds, lastSeq, lastContactAt, ...sums } = totals;
  const boxes = new Set(boxIds);
  return {
    from: range.from,
    to: range.to,
    ...sums,
    conflicts: conflicts.filter((c) => boxes.has(c.boxId)).length,
    ...(lastSeq !== undefined && { lastSeq }),
    ...(lastContactAt !== undefined && { lastContactAt }),
    spans: toSpans(received, holes, range).slice(-MOST_SPANS),
    holes,
  };
}

function toSpans(
  received: readonly { from: number; to: number; late: boolean; readings: number }[],
  holes: readonly LedgerHole[],
  range: LedgerRange,
): LedgerSpan[] {
  const within = (span: LedgerSpan): LedgerSpan[] => {
    const from = Math.max(span.from, range.from);
    const to = Math.min(span.to, range.to);
    return from <= to ? [{ ...span, from, to }] : [];
  };
  const came = received.flatMap(({ late, ...span }) => within({ ...span, kind: late ? 'late' : 'received' }));
  const missing = holes.flatMap(({ fromAt, toAt }) =>
    fromAt !== undefined && toAt !== undefined && fromAt < toAt
      ? within({ from: fromAt, to: toAt, kind: 'missing', readings: 0 })
      : [],
  );
  return [...came, ...missing].sort((a, b) => a.from - b.from || a.to - b.to);
}
