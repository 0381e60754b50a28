import type { LedgerReply, LedgerSpan } from '@temoin/shared/ledger';
import { addDays, startOfDay } from '@/lib/history/zoned-time';

// What a ledger says, before it is put into words: stretches that are missing or came late, and totals by local day.

export interface MissingStretch {
  readonly kind: 'missing';
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly batches: number;
  readonly fromSeq: number;
  readonly toSeq: number;
}

export interface LateStretch {
  readonly kind: 'late';
  readonly from: number;
  readonly to: number;
  readonly readings: number;
}

/** Late spans closer than this are told as one. */
const JOIN_LATE_MS = 5 * 60_000;

/** Missing stretches that touch `from`…`to`, newest first; a hole with an open end touches everything beyond its known end. */
export function missingStretches(ledger: LedgerReply, from = ledger.from, to = ledger.to): MissingStretch[] {
  return ledger.holes
    .filter((hole) => (hole.fromAt ?? Number.NEGATIVE_INFINITY) < to && (hole.toAt ?? Number.POSITIVE_INFINITY) > from)
    .map(
      (hole): MissingStretch => ({
        kind: 'missing',
        from: hole.fromAt,
        to: hole.toAt,
        batches: hole.batches,
        fromSeq: hole.fromSeq,
        toSeq: hole.toSeq,
      }),
    )
    .sort((a, b) => b.toSeq - a.toSeq);
}

/** Stretches that came late, joined where they nearly touch, newest first. */
export function lateStretches(spans: readonly LedgerSpan[]): LateStretch[] {
  const joined: { kind: 'late'; from: number; to: number; readings: number }[] = [];
  for (const span of spans.filter((one) => one.kind === 'late').sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from - last.to <= JOIN_LATE_MS) {
      last.to = Math.max(last.to, span.to);
      last.readings += span.readings;
    } else joined.push({ kind: 'late', from: span.from, to: span.to, readings: span.readings });
  }
  return joined.reverse();
}

export interface LedgerDay {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly LedgerSpan[];
  readonly readings: number;
  readonly lateReadings: number;
  readonly missing: readonly MissingStretch[];
}

/** The last `count` local days up to the one that holds `newest`, newest first. A span that crosses midnight is in both days. */
export function ledgerDays(ledger: LedgerReply, newest: number, count: number, timeZone: string): LedgerDay[] {
  const last = startOfDay(newest, timeZone);
  return Array.from({ length: count }, (_, ago) => {
    const from = addDays(last, -ago, timeZone);
    const to = addDays(from, 1, timeZone);
    const spans = ledger.spans.filter((span) => span.from < to && span.to >= from);
    // Counted where it began, so that days add up to the whole.
    const counted = spans.filter((span) => span.from >= from);
    const sum = (kind: LedgerSpan['kind']) =>
      counted.reduce((total, span) => total + (span.kind === kind ? span.readings : 0), 0);
    return {
      from,
      to,
      spans,
      readings: sum('received') + sum('late'),
      lateReadings: sum('late'),
      missing: missingStretches(ledger, from, to),
    };
  });
}
