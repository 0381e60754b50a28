import { type Danger, dangerStretches, normalStretch, shareOf } from './gauge-geometry';
import styles from './gauges.module.css';

export interface BulletBarProps {
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly normal?: readonly [number, number] | undefined;
  readonly danger?: Danger | undefined;
  readonly old?: boolean;
}

const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`;

/** The gauge for lists: a bar to the tick, the normal range beneath. The number beside it says the same, so it is hidden from screen readers. */
export function BulletBar({ value, min, max, normal, danger, old }: BulletBarProps) {
  const good = normalStretch(normal, min, max);
  const place = (from: number, to: number) => {
    const left = shareOf(from, min, max);
    return { left: percent(left), width: percent(shareOf(to, min, max) - left) };
  };
  const share = value === undefined ? undefined : shareOf(value, min, max);
  return (
    <div className={styles.bullet} data-old={old || value === undefined || undefined} aria-hidden="true">
      <div className={styles.bulletTrack} />
      {share !== undefined && <div className={styles.bulletValue} style={{ width: percent(share) }} />}
      {share !== undefined && <div className={styles.bulletTick} style={{ left: percent(share) }} />}
      {good && <div className={styles.bulletNormal} style={place(good[0], good[1])} />}
      {dangerStretches(danger, min, max).map(([from, to]) => (
        <div key={from} className={styles.bulletDanger} style={place(from, to)} />
      ))}
    </div>
  );
}
