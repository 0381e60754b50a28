import type L from 'leaflet';
import { boundsOf, piecesOf, type Run, type SpeedBand, trackHoles } from '@/lib/history/track-geometry';
import { PALETTE, type Scheme } from '@/ui/theme/palette';

// The track on a Leaflet map: each run a line by speed in a casing of the surface's colour. Between runs only dots, in the
// colour of notes: they join two known places and claim nothing about the way between.

const SPEED_TOKEN = {
  0: 'speed-0',
  30: 'speed-30',
  50: 'speed-50',
  70: 'speed-70',
  90: 'speed-90',
} as const satisfies Record<SpeedBand, string>;
/** Shorter jumps across a hole are a stop, not a way. */
const LEAST_JUMP_M = 40;

export interface TrackLayer {
  draw(runs: readonly Run[], scheme: Scheme): void;
  /** Shows everything, with room for what lies over the map. */
  fit(padding: { readonly topLeft: [number, number]; readonly bottomRight: [number, number] }): boolean;
  remove(): void;
}

export function createTrackLayer(leaflet: typeof L, map: L.Map): TrackLayer {
  const renderer = leaflet.canvas({ padding: 0.4 });
  const group = leaflet.layerGroup().addTo(map);
  let drawn: readonly Run[] = [];

  const line = (points: readonly (readonly [number, number])[], options: L.PolylineOptions) =>
    leaflet
      .polyline(
        points.map(([lat, lon]) => [lat, lon] as [number, number]),
        { renderer, interactive: false, smoothFactor: 0.6, ...options },
      )
      .addTo(group);

  return {
    draw(runs, scheme) {
      drawn = runs;
      group.clearLayers();
      const colours = PALETTE[scheme];
      for (const run of runs) {
        if (run.length > 1)
          line(
            run.map(([lat, lon]) => [lat, lon]),
            { color: colours.surface, weight: 8, opacity: 0.9 },
          );
      }
      for (const hole of trackHoles(runs)) {
        if (hole.jumpM < LEAST_JUMP_M) continue;
        line([hole.fromPlace, hole.toPlace], { color: colours.ink3, weight: 2.5, dashArray: '1 6', lineCap: 'round' });
      }
      for (const run of runs) {
        for (const piece of piecesOf(run))
          line(piece.points, {
            color: colours[SPEED_TOKEN[piece.band]],
            weight: 5,
            lineCap: 'round',
            lineJoin: 'round',
          });
      }
      drawEnds(runs, colours);
    },
    fit(padding) {
      const bounds = boundsOf(drawn);
      if (!bounds) return false;
      map.fitBounds(bounds, {
        paddingTopLeft: padding.topLeft,
        paddingBottomRight: padding.bottomRight,
        maxZoom: 16,
        animate: false,
      });
      return true;
    },
    remove() {
      group.remove();
      renderer.remove();
    },
  };

  /** Start ring, end square. */
  function drawEnds(runs: readonly Run[], colours: (typeof PALETTE)[Scheme]) {
    const first = runs[0]?.[0];
    const last = runs.at(-1)?.at(-1);
    if (first)
      leaflet
        .circleMarker([first[0], first[1]], {
          renderer,
          radius: 6,
          color: colours.ink,
          weight: 3,
          fillColor: colours.surface,
          fillOpacity: 1,
          interactive: false,
        })
        .addTo(group);
    if (!last) return;
    const icon = leaflet.divIcon({
      className: '',
      iconSize: [12, 12],
      html: `<div style="width:12px;height:12px;background:${colours.ink};outline:2px solid ${colours.surface}"></div>`,
    });
    leaflet.marker([last[0], last[1]], { icon, interactive: false, keyboard: false }).addTo(group);
  }
}
