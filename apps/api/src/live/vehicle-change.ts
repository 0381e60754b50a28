import type { VehicleChange, View } from '@temoin/shared/live';
import { listedOnly } from '@temoin/shared/vehicles';
import type { VehicleMotion } from '../projections/vehicle-now.ts';
import type { LiveVehicle } from './live-vehicles.ts';

// What one reader is told of one vehicle: only what changed since the number up to which they have seen, only what their role
// allows, and positions only where they look.

const MOVING_PARTS = ['speedKmh', 'engineOn', 'standingSince', 'lastReadingAt', 'lastContactAt', 'position'] as const;
const SLOW_PARTS = ['alarm', 'faults', 'origin', 'locationOff'] as const;
type Part = (typeof MOVING_PARTS)[number] | (typeof SLOW_PARTS)[number] | 'moving';

/** The change to send, or undefined when there is nothing that this reader is to hear. */
export function changeFor(
  vehicle: LiveVehicle,
  since: number,
  mayLive: boolean,
  view: View | undefined,
): VehicleChange | undefined {
  if (vehicle.version <= since) return undefined;
  const looksHere =
    mayLive && (!view || isInView(vehicle.motion.position, view) || isInView(vehicle.previousPosition, view));
  if (!looksHere && vehicle.coarseVersion <= since) return undefined;
  const slow = vehicle.slowVersion > since;
  const motion = mayLive ? vehicle.motion : listed(vehicle);
  const parts: Part[] = [...MOVING_PARTS, ...(slow ? SLOW_PARTS : []), ...(mayLive ? [] : ['moving' as const])];
  const change: Record<string, unknown> = { id: vehicle.id };
  const cleared: Part[] = [];
  for (const part of parts) {
    if (part === 'position' && !looksHere) continue;
    if (motion[part] !== undefined) change[part] = motion[part];
    else if (mayLive && vehicle.hadParts.has(part)) cleared.push(part);
    else if (!mayLive && part === 'alarm' && vehicle.hadParts.has(part)) cleared.push(part);
  }
  if (cleared.length > 0) change.cleared = cleared;
  return change as VehicleChange;
}

function listed(vehicle: LiveVehicle): VehicleMotion {
  const {
    id: _id,
    vin: _vin,
    label: _label,
    model: _model,
    ...motion
  } = listedOnly({
    ...vehicle.motion,
    id: vehicle.id,
    vin: '',
    label: '',
    model: '',
  });
  return motion;
}

/** West > east means across the antimeridian. */
export function isInView(position: { lat: number; lon: number } | undefined, view: View): boolean {
  if (!position || position.lat < view.south || position.lat > view.north) return false;
  return view.west <= view.east
    ? position.lon >= view.west && position.lon <= view.east
    : position.lon >= view.west || position.lon <= view.east;
}
