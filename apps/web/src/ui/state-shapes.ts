import type { VehicleState } from '@temoin/shared/vehicles';

// The five shapes of a vehicle's state as path data, in a box of 24 around (0, 0): one source for SVG (lists, legend) and
// canvas (map). Shape and colour always go together, so that a state can be told without seeing its colour.

export interface StateShape {
  /** Filled with the state's colour; empty for the hollow ring. */
  readonly body: string;
  /** Stroked with the state's colour. */
  readonly line?: { readonly path: string; readonly width: number; readonly dash?: readonly number[] };
  /** Stroked in the surface's colour on top of the body. */
  readonly mark?: { readonly path: string; readonly width: number };
  /** Only the arrow turns to its heading. */
  readonly turns: boolean;
}

const RING_RADIUS = 10.3;
const RING_STEP = (2 * Math.PI * RING_RADIUS) / 8;
const circle = (radius: number) =>
  `M0 ${-radius}a${radius} ${radius} 0 1 1 0 ${2 * radius}a${radius} ${radius} 0 1 1 0 ${-2 * radius}Z`;

export const STATE_SHAPES: Readonly<Record<VehicleState, StateShape>> = {
  moving: { body: 'M0 -13.2L8.3 12.6L0 6.6L-8.3 12.6Z', turns: true },
  idling: { body: circle(11), mark: { path: 'M-3.6 -4.8V4.8M3.6 -4.8V4.8', width: 3.1 }, turns: false },
  parked: {
    body: 'M-6 -10H6A4 4 0 0 1 10 -6V6A4 4 0 0 1 6 10H-6A4 4 0 0 1 -10 6V-6A4 4 0 0 1 -6 -10Z',
    mark: { path: 'M-2.6 5.6V-5.6H1.1A3.3 3.3 0 0 1 1.1 1.2H-2.6', width: 2.7 },
    turns: false,
  },
  silent: {
    body: '',
    line: { path: `${circle(RING_RADIUS)}`, width: 2.7, dash: [RING_STEP * 0.58, RING_STEP * 0.42] },
    mark: { path: 'M-4 0H4', width: 2.4 },
    turns: false,
  },
  alarm: {
    body: 'M0 -12.6L13.2 11H-13.2Z',
    mark: { path: 'M0 -4.6V2.7M0 6.9V7', width: 3.3 },
    turns: false,
  },
};

/** A small chevron that sits outside an alarm's triangle, towards where the vehicle is heading. */
export const CHEVRON = 'M-4.2 -15.4L0 -19.4L4.2 -15.4';
