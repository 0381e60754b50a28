import { stateOf, type VehicleNow } from '@temoin/shared/vehicles';
import type { FleetFilter } from '../fleet-filter';
import type { FleetState } from '../fleet-state';
import { matchesText } from '../order-vehicles';
import type { MapVehicle } from './fleet-layer';

const MOVING_FROM_KMH = 3;

/** The vehicles that the map draws under the present filter, at `now` (ms UTC). */
export function mapVehicles({ vehicles, copiedAt }: FleetState, filter: FleetFilter, now: number): MapVehicle[] {
  const drawn: MapVehicle[] = [];
  for (const vehicle of vehicles.values()) {
    const shown = mapVehicle(vehicle, copiedAt ?? now);
    if (!shown || (filter.states.size > 0 && !filter.states.has(shown.state)) || !matchesText(vehicle, filter.text))
      continue;
    drawn.push(shown);
  }
  return drawn;
}

function mapVehicle(vehicle: VehicleNow, now: number): MapVehicle | undefined {
  const { position } = vehicle;
  if (!position) return undefined;
  return {
    id: vehicle.id,
    label: vehicle.label,
    lat: position.lat,
    lon: position.lon,
    headingDeg: position.courseDeg ?? 0,
    state: stateOf(vehicle, now),
    isMoving: (vehicle.speedKmh ?? 0) >= MOVING_FROM_KMH,
    accuracyM: position.accuracyM,
  };
}
