/** How a metric is read over OBD-2: service 01 request and the formula for the bytes A, B, C, D that follow `41 PID`. */
export interface ObdSource {
  /** The request as sent to the adapter, for example `010C`. */
  readonly request: string;
  /** How many data bytes the formula reads; a shorter answer gives no value. */
  readonly bytes: number;
  /** The formula in words, as in SAE J1979, shown in documentation. */
  readonly formula: string;
  readonly decode: (data: readonly number[]) => number;
}

export type MetricGroup = 'position' | 'motion' | 'engine' | 'energy' | 'box';

/**
 * One value that a box can measure. `scale` is the number of wire steps per unit (resolution = 1/scale):
 * a value travels as the integer round(value × scale), so it comes back exactly at its resolution.
 */
export interface Metric {
  /** Stable number on the wire. Never reused, never changed. */
  readonly id: number;
  readonly unit: string;
  readonly scale: number;
  /** Plausible range, ends included; a value outside is refused, not clipped. */
  readonly min: number;
  readonly max: number;
  readonly group: MetricGroup;
  readonly label: { readonly fr: string; readonly en: string };
  /** How a chart joins its points: a switch or a mode holds its value until the next one. */
  readonly kind: 'number' | 'switch' | 'mode';
  /** Decimals shown to people. */
  readonly decimals: number;
  /** How long a value may be old and still count as present, in ms. */
  readonly freshForMs: number;
  readonly obd?: ObdSource;
  /** Range in which an ordinary car runs; drawn beside the gauge. */
  readonly normal?: readonly [number, number];
  /** Values from here on endanger the engine; drawn in red. */
  readonly danger?: { readonly below?: number; readonly above?: number };
  /** Ends of the gauge where they differ from the plausible range. */
  readonly gauge?: readonly [number, number];
}
