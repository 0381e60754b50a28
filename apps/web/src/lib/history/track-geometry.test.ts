import { describe, expect, it } from 'vitest';
import {
  bandOf,
  boundsOf,
  drivenMs,
  extendTrack,
  piecesOf,
  placeAt,
  type Run,
  trackBreaks,
  trackHoles,
} from './track-geometry';

const run: Run = [
  [48.5, 7.7, 0, 20],
  [48.501, 7.7, 1000, 28],
  [48.502, 7.7, 2000, 60],
  [48.503, 7.7, 3000, 64],
];
const later: Run = [
  [48.6, 7.8, 100_000, 10],
  [48.601, 7.8, 101_000, 10],
];

describe('piecesOf', () => {
  it('cuts by speed band and shares the point at each cut', () => {
    const pieces = piecesOf(run);
    expect(pieces.map((piece) => piece.band)).toEqual([0, 30, 50]);
    expect(pieces[0]!.points.at(-1)).toEqual(pieces[1]!.points[0]);
    expect(piecesOf([run[0]!])).toEqual([]);
    expect([0, 29.9, 30, 89, 130].map(bandOf)).toEqual([0, 0, 30, 70, 90]);
  });
});

describe('holes and places', () => {
  it('names the hole between runs with the distance across it', () => {
    const [hole] = trackHoles([run, later]);
    expect(hole).toMatchObject({ from: 3000, to: 100_000 });
    expect(hole!.jumpM).toBeGreaterThan(12_000);
    expect(trackHoles([run])).toEqual([]);
  });

  it('finds a place between two positions and none in a hole', () => {
    expect(placeAt([run, later], 500)?.lat).toBeCloseTo(48.5005, 6);
    expect(placeAt([run, later], 50_000)).toBeUndefined();
    expect(placeAt([run, later], 101_000)?.lat).toBeCloseTo(48.601, 6);
  });

  it('counts time in runs only, and knows the corners', () => {
    expect(drivenMs([run, later])).toBe(4000);
    expect(boundsOf([run, later])).toEqual([
      [48.5, 7.7],
      [48.601, 7.8],
    ]);
    expect(boundsOf([])).toBeUndefined();
  });
});

describe('trackBreaks', () => {
  const report = (minute: number, lat = 48.5, kmh = 0): Run => [[lat, 7.7, minute * 60_000, kmh]];

  it('makes one stand of all that a parked box reported', () => {
    const breaks = trackBreaks([report(0), report(5), report(10), report(40)]);
    expect(breaks).toHaveLength(1);
    expect(breaks[0]).toMatchObject({ kind: 'stand', from: 0, to: 40 * 60_000 });
  });

  it.each([
    ['the vehicle was elsewhere afterwards', [report(0), report(5, 48.51)]],
    ['it was moving before', [report(0, 48.5, 50), report(5)]],
    ['it was moving afterwards', [report(0), report(5, 48.5, 50)]],
    ['the silence was longer than a parked box keeps', [report(0), report(40)]],
  ])('calls it a hole when %s', (_, runs) => {
    expect(trackBreaks(runs).map((one) => one.kind)).toEqual(['hole']);
  });
});

describe('extendTrack', () => {
  const track = {
    from: 0,
    to: 3000,
    runs: [run.map((point) => [...point] as [number, number, number, number])],
    readings: 4,
    distanceKm: 1,
  };
  const reading = (at: number, lat: number) => ({ at, values: { lat, lon: 7.7, obdSpeedKmh: 36 } });

  it('grows the last run and the distance', () => {
    const grown = extendTrack(track, [reading(3000, 1), reading(4000, 48.504), reading(14_000, 48.505)]);
    expect(grown.runs).toHaveLength(1);
    expect(grown.runs[0]).toHaveLength(6);
    expect(grown.distanceKm).toBeGreaterThan(1.1);
    expect(grown.readings).toBe(6);
  });

  it('begins a new run after a silence and adds no distance for it', () => {
    const grown = extendTrack(track, [reading(90_000, 48.6)]);
    expect(grown.runs).toHaveLength(2);
    expect(grown.distanceKm).toBe(1);
  });

  it('is the same when nothing is newer', () => {
    expect(extendTrack(track, [reading(10, 48)])).toBe(track);
    expect(extendTrack(track, [{ at: 9000, values: { rpm: 1 } }])).toBe(track);
  });
});
