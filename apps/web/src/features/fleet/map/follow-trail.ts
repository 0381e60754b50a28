import type { TrackReply } from '@temoin/shared/history';
import type { VehicleNow } from '@temoin/shared/vehicles';
import { api } from '@/lib/api-client';
import { session } from '@/lib/session';
import { selection } from '../fleet-selection';
import { fleet } from '../fleet-store';
import type { FleetLayer } from './fleet-layer';
import type { TrailPoint } from './paint-trail';

// Behind the chosen vehicle lies the way it came in the last minutes: read once from history, then grown by what the socket
// brings. More than half a minute without a position is a hole, and a hole is not bridged.

const TRAIL_MS = 12 * 60_000;
const HOLE_MS = 30_000;
const LONGEST = 1500;

/** Keeps the trail of the chosen vehicle on `layer`; returns the way to stop. */
export function followTrail(layer: FleetLayer): () => void {
  let points: TrailPoint[] = [];
  let lastAt = 0;
  let reading: AbortController | undefined;
  let ofId: string | undefined;

  const grow = (vehicle: VehicleNow | undefined) => {
    const position = vehicle?.position;
    if (!position || position.at <= lastAt) return;
    points.push({
      lat: position.lat,
      lon: position.lon,
      speedKmh: vehicle.speedKmh ?? 0,
      startsRun: lastAt === 0 || position.at - lastAt > HOLE_MS,
    });
    lastAt = position.at;
    if (points.length > LONGEST) points = points.slice(-LONGEST);
    layer.setTrail(points);
  };

  const begin = async (id: string | undefined) => {
    reading?.abort();
    points = [];
    lastAt = 0;
    ofId = id;
    layer.setTrail(points);
    const vehicle = id ? fleet.getState().vehicles.get(id) : undefined;
    if (!vehicle?.position || !session.getState().person?.permissions.includes('vehicle.history')) return;
    reading = new AbortController();
    const to = vehicle.position.at;
    try {
      const track = await api.get<TrackReply>(
        `/v1/vehicles/${encodeURIComponent(vehicle.id)}/track?from=${to - TRAIL_MS}&to=${to}`,
        { signal: reading.signal, retries: 0 },
      );
      if (ofId !== id) return;
      const past = track.runs.flatMap((run) =>
        run.map(([lat, lon, , speedKmh], index): TrailPoint => ({ lat, lon, speedKmh, startsRun: index === 0 })),
      );
      const since = points;
      points = [
        ...past,
        ...since.map((point, index) => (index === 0 && past.length > 0 ? { ...point, startsRun: false } : point)),
      ];
      lastAt = Math.max(lastAt, to);
      layer.setTrail(points);
    } catch {
      // Without history the trail simply begins now.
    }
  };

  const unsubscribes = [
    selection.subscribe((now, before) => {
      if (now.selectedId !== before.selectedId) void begin(now.selectedId);
    }),
    fleet.subscribe((now) => {
      if (ofId) grow(now.vehicles.get(ofId));
    }),
  ];
  void begin(selection.getState().selectedId);
  return () => {
    reading?.abort();
    for (const unsubscribe of unsubscribes) unsubscribe();
  };
}
