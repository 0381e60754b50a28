import type { VehicleState } from '@temoin/shared/vehicles';
import type L from 'leaflet';
import { type CollisionGrid, createCollisionGrid } from '@/ui/map/collision-grid';
import { paintGroup } from '@/ui/map/group-painter';
import type { Brush } from '@/ui/map/marker-painter';
import type { Scheme } from '@/ui/theme/palette';
import { type Glide, glideAt, nextGlide } from './glide';
import { type Group, type Grouping, groupVehicles } from './groups';
import { toUnit, worldPx } from './mercator';
import { paintTrail, type TrailPoint } from './paint-trail';
import { type Placed, paintVehicles } from './paint-vehicles';

// All vehicles on one canvas over the map. It is fed by plain calls, never through React, and paints only when something
// changed: a new fix, a move of the map, a choice. While markers glide it paints each frame, then rests.

export interface MapVehicle {
  readonly id: string;
  readonly label: string;
  readonly lat: number;
  readonly lon: number;
  readonly headingDeg: number;
  readonly state: VehicleState;
  readonly isMoving: boolean;
  readonly accuracyM: number | undefined;
}

export type Hit = { readonly kind: 'vehicle'; readonly id: string } | { readonly kind: 'group'; readonly group: Group };

export interface FleetLayer {
  setVehicles(vehicles: readonly MapVehicle[]): void;
  setChoice(choice: { selectedId: string | undefined; hoveredId: string | undefined }): void;
  setScheme(scheme: Scheme): void;
  /** Draws everything in grey, while what is known is only a copy. */
  setMuted(isMuted: boolean): void;
  setTrail(points: readonly TrailPoint[]): void;
  /** What lies under a point of the map's container. */
  hitAt(x: number, y: number, slackPx: number): Hit | undefined;
  membersOf(group: Group): string[];
  /** Ids of the vehicles whose position lies on the present view. */
  visibleIds(): Set<string>;
  redraw(): void;
  remove(): void;
}

interface Moving {
  vehicle: MapVehicle;
  glide: Glide;
}

/** Groups are formed anew at most this often while nothing but positions change. */
const REGROUP_EVERY_MS = 1000;

/** Adds the fleet's canvas to a map. */
export function addFleetLayer(
  leaflet: typeof L,
  map: L.Map,
  options: { scheme: Scheme; isMotionWanted: boolean },
): FleetLayer {
  const pane = map.createPane('vehicles');
  pane.style.zIndex = '620';
  pane.style.pointerEvents = 'none';
  const canvas = leaflet.DomUtil.create('canvas', 'leaflet-zoom-animated', pane);
  canvas.setAttribute('aria-hidden', 'true');
  const context = canvas.getContext('2d');

  let scheme = options.scheme;
  let isMuted = false;
  let selectedId: string | undefined;
  let hoveredId: string | undefined;
  let trail: readonly TrailPoint[] = [];
  const moving = new Map<string, Moving>();
  let grouping: Grouping | undefined;
  let groupedFor = '';
  let groupedAt = 0;
  let hits: CollisionGrid<Hit> = createCollisionGrid();
  const labelled = new Set<string>();
  let frame = 0;
  let drawnFor = { center: map.getCenter(), zoom: map.getZoom() };

  const schedule = () => {
    frame ||= requestAnimationFrame(draw);
  };

  function group(zoom: number, now: number): Grouping {
    const key = `${Math.floor(zoom)} ${selectedId}`;
    if (!grouping || key !== groupedFor || now - groupedAt > REGROUP_EVERY_MS) {
      grouping = groupVehicles(
        [...moving.values()].map(({ vehicle }) => vehicle),
        zoom,
        selectedId,
      );
      groupedFor = key;
      groupedAt = now;
    }
    return grouping;
  }

  function fit(): number {
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const { x: width, y: height } = map.getSize();
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    return ratio;
  }

  function draw(): void {
    frame = 0;
    if (!context) return;
    const ratio = fit();
    const { x: width, y: height } = map.getSize();
    const zoom = map.getZoom();
    const center = map.getCenter();
    drawnFor = { center, zoom };
    leaflet.DomUtil.setTransform(canvas, map.containerPointToLayerPoint([0, 0]), 1);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);

    const now = performance.now();
    const world = worldPx(zoom);
    const middle = toUnit(center.lat, center.lng);
    const toScreen = (x: number, y: number) => ({
      x: wrap(x - middle.x) * world + width / 2,
      y: (y - middle.y) * world + height / 2,
    });
    const brush: Brush = { ctx: context, scheme, ratio, isMuted };
    const { groups, hidden } = group(zoom, now);
    hits = createCollisionGrid();

    const chosen = selectedId ? moving.get(selectedId) : undefined;
    if (chosen) paintTrail(brush, trail, toScreen, glideAt(chosen.glide, now));

    let isGliding = false;
    const placed: Placed[] = [];
    for (const { vehicle, glide } of moving.values()) {
      if (hidden.has(vehicle.id)) continue;
      const at = glideAt(glide, now);
      const { x, y } = toScreen(at.x, at.y);
      if (x < -40 || y < -40 || x > width + 40 || y > height + 40) continue;
      if (!at.isDone) isGliding = true;
      placed.push({
        vehicle,
        x,
        y,
        headingDeg: at.headingDeg,
        isSelected: vehicle.id === selectedId,
        isHovered: vehicle.id === hoveredId,
      });
    }
    const boxes = groups.flatMap((item) => {
      const unit = toUnit(item.lat, item.lon);
      const { x, y } = toScreen(unit.x, unit.y);
      return x < -40 || y < -40 || x > width + 40 || y > height + 40 ? [] : [{ item, x, y }];
    });
    for (const { item, x, y } of boxes)
      hits.add({ minX: x - 22, minY: y - 16, maxX: x + 22, maxY: y + 16 }, { kind: 'group', group: item });
    paintVehicles(brush, placed, { zoom, hits, labelled }, () => {
      for (const { item, x, y } of boxes) paintGroup(brush, x, y, item.counts, String(item.count));
    });
    if (isGliding) schedule();
  }

  /** During a zoom animation the canvas is stretched like the tiles; when it ends, everything is painted sharp. */
  function onZoomAnimation(event: L.ZoomAnimEvent): void {
    const scale = map.getZoomScale(event.zoom, drawnFor.zoom);
    const half = map.getSize().divideBy(2);
    const corner = map
      .project(drawnFor.center, event.zoom)
      .subtract(half.multiplyBy(scale))
      .subtract(map.project(event.center, event.zoom).subtract(half));
    const offset = corner.subtract(leaflet.DomUtil.getPosition(map.getPane('mapPane') as HTMLElement));
    leaflet.DomUtil.setTransform(canvas, offset, scale);
  }

  map.on('move zoom viewreset resize', schedule);
  map.on('zoomanim', onZoomAnimation as L.LeafletEventHandlerFn);
  schedule();

  return {
    setVehicles(vehicles) {
      const now = performance.now();
      const seen = new Set<string>();
      for (const vehicle of vehicles) {
        seen.add(vehicle.id);
        const known = moving.get(vehicle.id);
        const isSamePlace =
          known &&
          known.vehicle.lat === vehicle.lat &&
          known.vehicle.lon === vehicle.lon &&
          known.vehicle.headingDeg === vehicle.headingDeg;
        const glide = isSamePlace
          ? known.glide
          : nextGlide(known?.glide, toUnit(vehicle.lat, vehicle.lon), vehicle.headingDeg, now, options.isMotionWanted);
        moving.set(vehicle.id, { vehicle, glide });
      }
      for (const id of moving.keys()) if (!seen.has(id)) moving.delete(id);
      schedule();
    },
    setChoice(choice) {
      selectedId = choice.selectedId;
      hoveredId = choice.hoveredId;
      schedule();
    },
    setScheme(next) {
      scheme = next;
      schedule();
    },
    setMuted(next) {
      isMuted = next;
    },
    setTrail(points) {
      trail = points;
      schedule();
    },
    hitAt(x, y, slackPx) {
      const found = hits.at(x, y, slackPx);
      return (
        found.find((hit) => hit.kind === 'vehicle' && hit.id === selectedId) ??
        found.find((hit) => hit.kind === 'vehicle') ??
        found[0]
      );
    },
    membersOf: (item) => grouping?.membersOf(item.clusterId) ?? [],
    visibleIds() {
      const bounds = map.getBounds();
      const ids = new Set<string>();
      for (const { vehicle } of moving.values()) if (bounds.contains([vehicle.lat, vehicle.lon])) ids.add(vehicle.id);
      return ids;
    },
    redraw: schedule,
    remove() {
      cancelAnimationFrame(frame);
      map.off('move zoom viewreset resize', schedule);
      map.off('zoomanim', onZoomAnimation as L.LeafletEventHandlerFn);
      canvas.remove();
    },
  };
}

/** The short way round the world, so that vehicles on both sides of the date line are near one another. */
const wrap = (difference: number) => difference - Math.round(difference);
