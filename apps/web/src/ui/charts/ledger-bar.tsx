import styles from './ledger-bar.module.css';
import { type BarSpan, barSegments } from './ledger-segments';

export interface LedgerBarProps {
  /** The stretch of time that the bar stands for, ms UTC: usually one local day. */
  readonly from: number;
  readonly to: number;
  readonly spans: readonly BarSpan[];
  /** What the bar says, in words; empty for a mere sample, which is hidden from screen readers. */
  readonly words: string;
  /** Marks this instant, if it is within. */
  readonly nowAt?: number | undefined;
  readonly ticks?: readonly { readonly at: number; readonly label: string }[];
  readonly thin?: boolean;
}

const percent = (share: number): string => `${Math.round(share * 100_000) / 1000}%`;

/** Completeness of a day: solid = received, pale with a foot = late, red hatch = missing, ground = nothing was sent. */
export function LedgerBar({ from, to, spans, words, nowAt, ticks, thin }: LedgerBarProps) {
  const spoken = words ? { role: 'img', 'aria-label': words } : { 'aria-hidden': true };
  const share = (at: number) => (at - from) / (to - from);
  return (
    <div className={styles.ledger}>
      <div className={styles.bar} data-thin={thin || undefined} {...spoken}>
        {barSegments(spans, from, to).map((segment) => (
          <div
            key={`${segment.kind}${segment.left}`}
            className={styles.segment}
            data-kind={segment.kind}
            style={{ left: percent(segment.left), width: percent(segment.width) }}
          />
        ))}
        {nowAt !== undefined && nowAt >= from && nowAt <= to && (
          <div className={styles.now} style={{ left: percent(share(nowAt)) }} />
        )}
      </div>
      {ticks && (
        <div className={styles.ticks} aria-hidden="true">
          {ticks.map((tick, i) => (
            <span
              key={tick.at}
              data-edge={i === 0 ? 'first' : i === ticks.length - 1 ? 'last' : undefined}
              style={{ left: percent(share(tick.at)) }}
            >
              {tick.label}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
