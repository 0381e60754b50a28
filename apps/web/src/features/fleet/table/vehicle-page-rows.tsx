'use client';
import Link from 'next/link';
import { VehicleRow } from '../list/vehicle-row';
import type { ListedVehicle } from '../order-vehicles';

/** The table's rows on a phone: the same rows as beside the map, each a link. */
export function VehiclePageRows({
  listed,
  isCopy,
}: {
  readonly listed: readonly ListedVehicle[];
  readonly isCopy: boolean;
}) {
  return (
    <ul>
      {listed.map(({ vehicle, state }) => (
        <li key={vehicle.id}>
          <Link
            href={`/vehicle?id=${encodeURIComponent(vehicle.id)}`}
            style={{ color: 'inherit', textDecoration: 'none', display: 'block' }}
          >
            <VehicleRow
              vehicle={vehicle}
              state={state}
              isCopy={isCopy}
              isSelected={false}
              isHovered={false}
              role="presentation"
            />
          </Link>
        </li>
      ))}
    </ul>
  );
}
