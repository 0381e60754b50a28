import type { VehicleState } from '@temoin/shared/vehicles';
import type { CollisionGrid, Rect } from '@/ui/map/collision-grid';
import {
  type Brush,
  paintChevron,
  paintGlyph,
  paintHalo,
  paintHover,
  paintPlate,
  paintRing,
  paintStale,
  plateBeside,
  plateRect,
} from '@/ui/map/marker-painter';
import type { Hit, MapVehicle } from './fleet-layer';
import { pxPerMetre } from './mercator';

// One frame's vehicles: glyphs first, then plates where there is room. Order decides who gets the room: chosen, alarm, under
// the pointer, then by state; a plate that was there in the frame before keeps its place, so that plates do not flicker.

export interface Placed {
  readonly vehicle: MapVehicle;
  readonly x: number;
  readonly y: number;
  readonly headingDeg: number;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
}

export interface Frame {
  readonly zoom: number;
  readonly hits: CollisionGrid<Hit>;
  /** Ids whose plate was drawn in the frame before; renewed here. */
  readonly labelled: Set<string>;
}

/** From this zoom on everyone's plate is shown if there is room. */
export const PLATES_FROM_ZOOM = 13;
const STATE_ORDER: Readonly<Record<VehicleState, number>> = { alarm: 1, moving: 3, idling: 4, silent: 5, parked: 6 };
const STALE_AT_LEAST_PX = 22;

const importance = ({ vehicle, isSelected, isHovered }: Placed) =>
  isSelected ? 0 : isHovered ? 2 : STATE_ORDER[vehicle.state];

/** Paints vehicles and plates, and notes in `hits` where each is. */
export function paintVehicles(brush: Brush, placed: Placed[], frame: Frame, paintGroups: () => void): void {
  placed.sort(
    (a, b) =>
      importance(a) - importance(b) ||
      Number(frame.labelled.has(b.vehicle.id)) - Number(frame.labelled.has(a.vehicle.id)) ||
      (a.vehicle.id < b.vehicle.id ? -1 : 1),
  );
  // The most important is painted last, on top; only the chosen one lies above groups.
  const chosen = placed[0]?.isSelected ? placed[0] : undefined;
  for (let i = placed.length - 1; i >= (chosen ? 1 : 0); i -= 1) paintMark(brush, placed[i] as Placed, frame);
  paintGroups();
  if (chosen) paintMark(brush, chosen, frame);
  paintPlates(brush, placed, frame);
}

function paintMark(brush: Brush, mark: Placed, { hits, zoom }: Frame): void {
  const { vehicle, x, y } = mark;
  if (vehicle.state === 'silent' && (mark.isSelected || mark.isHovered)) {
    const radiusPx = (vehicle.accuracyM ?? 0) * pxPerMetre(vehicle.lat, zoom);
    paintStale(brush, x, y, Math.max(STALE_AT_LEAST_PX, radiusPx));
  }
  if (vehicle.state === 'alarm') paintHalo(brush, x, y);
  if (mark.isSelected) paintRing(brush, x, y);
  else if (mark.isHovered) paintHover(brush, x, y);
  if (vehicle.state === 'alarm' && vehicle.isMoving) paintChevron(brush, x, y, mark.headingDeg);
  paintGlyph(brush, x, y, vehicle.state, mark.headingDeg);
  const reach = mark.isSelected || vehicle.state === 'alarm' ? 18 : 10;
  hits.add({ minX: x - reach, minY: y - reach, maxX: x + reach, maxY: y + reach }, { kind: 'vehicle', id: vehicle.id });
}

function paintPlates(brush: Brush, placed: readonly Placed[], { zoom, hits, labelled }: Frame): void {
  const shown = new Set<string>();
  const plates: { rect: Rect; mark: Placed }[] = [];
  for (const mark of placed) {
    const { vehicle, x, y, isSelected, isHovered } = mark;
    const isOwed = isSelected || isHovered || vehicle.state === 'alarm';
    if (zoom < PLATES_FROM_ZOOM && !isOwed) continue;
    const isOwn = (hit: Hit) => hit.kind === 'vehicle' && hit.id === vehicle.id;
    const near = isSelected ? 23 : vehicle.state === 'alarm' ? 15 : 14;
    const below = plateRect(brush, x, y, vehicle.label, near);
    const above = plateRect(brush, x, y, vehicle.label, -near - 19);
    const besidePx = isOwed ? 24 : 15;
    const places = [below, above, plateBeside(below, x, y, besidePx), plateBeside(below, x, y, -besidePx)];
    const rect = places.find((place) => !hits.collides(place, isOwn)) ?? (isOwed ? below : undefined);
    if (!rect) continue;
    hits.add(rect, { kind: 'vehicle', id: vehicle.id });
    plates.push({ rect, mark });
    shown.add(vehicle.id);
  }
  for (const { rect, mark } of plates.reverse()) paintPlate(brush, rect, mark.vehicle.label, mark.isSelected);
  labelled.clear();
  for (const id of shown) labelled.add(id);
}
