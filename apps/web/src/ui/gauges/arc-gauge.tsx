import type { ReactNode } from 'react';
import {
  ARC_FROM_DEG,
  ARC_SWEEP_DEG,
  angleOf,
  arcPath,
  type Danger,
  dangerStretches,
  normalStretch,
  pointAt,
} from './gauge-geometry';
import styles from './gauges.module.css';

const CENTRE = { x: 66, y: 62 };
const RADIUS = 50;
/** Normal and danger run outside the arc, clear of the tick. */
const OUTER_RADIUS = 59;
const TICK_FROM = 43;
const TICK_TO = 57.5;

export interface GaugeScale {
  readonly min: number;
  readonly max: number;
  readonly minText: string;
  readonly maxText: string;
  readonly normal?: readonly [number, number] | undefined;
  readonly danger?: Danger | undefined;
}

export interface ArcGaugeProps extends GaugeScale {
  readonly label: string;
  readonly unit: string;
  /** Undefined = never measured. */
  readonly value: number | undefined;
  readonly valueText: string;
  /** Too old to count as present: grey dashes. */
  readonly old?: boolean;
  /** How old and how sure: shown beneath. */
  readonly age?: ReactNode;
  /** The whole in words, for screen readers. */
  readonly words: string;
}

/** A value on an arc of 240°: ink to the tick, green line where it is normal, dashed red where it is dangerous. */
export function ArcGauge({ label, unit, value, valueText, old, age, words, ...scale }: ArcGaugeProps) {
  const angle = value === undefined ? undefined : angleOf(value, scale.min, scale.max);
  const tick = angle === undefined ? undefined : [pointAt(CENTRE, TICK_FROM, angle), pointAt(CENTRE, TICK_TO, angle)];
  return (
    <figure className={styles.gauge} data-old={old || value === undefined || undefined}>
      <svg className={styles.dial} viewBox="0 0 132 106" role="img" aria-label={words}>
        <path className={styles.track} d={arcPath(CENTRE, RADIUS, ARC_FROM_DEG, ARC_FROM_DEG + ARC_SWEEP_DEG)} />
        <GaugeRanges {...scale} />
        {angle !== undefined && <path className={styles.value} d={arcPath(CENTRE, RADIUS, ARC_FROM_DEG, angle)} />}
        {tick && <line className={styles.tick} x1={tick[0]!.x} y1={tick[0]!.y} x2={tick[1]!.x} y2={tick[1]!.y} />}
        <text className={styles.number} x={CENTRE.x} y={CENTRE.y + 8}>
          {valueText}
        </text>
        <text className={styles.unit} x={CENTRE.x} y={CENTRE.y + 25}>
          {unit}
        </text>
        <text className={styles.end} x={22} y={102}>
          {scale.minText}
        </text>
        <text className={styles.end} x={110} y={102}>
          {scale.maxText}
        </text>
      </svg>
      <figcaption className={styles.caption}>{label}</figcaption>
      {age && <div className={styles.age}>{age}</div>}
    </figure>
  );
}

function GaugeRanges({ min, max, normal, danger }: GaugeScale) {
  const good = normalStretch(normal, min, max);
  const arc = (from: number, to: number) =>
    arcPath(CENTRE, OUTER_RADIUS, angleOf(from, min, max), angleOf(to, min, max));
  return (
    <>
      {good && <path className={styles.normal} d={arc(good[0], good[1])} />}
      {dangerStretches(danger, min, max).map(([from, to]) => (
        <path key={from} className={styles.danger} d={arc(from, to)} />
      ))}
    </>
  );
}
