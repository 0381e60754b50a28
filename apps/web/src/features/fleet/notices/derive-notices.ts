import { lastHeardAt, stateOf, type VehicleNow } from '@temoin/shared/vehicles';
import type { Severity } from '@/ui/severity-icon';

/** Something about a vehicle that a person should see. Derived from what is known now; nothing is invented or remembered. */
export interface Notice {
  readonly vehicle: VehicleNow;
  readonly kind: 'alarm' | 'silent';
  readonly severity: Severity;
  /** When it began, ms UTC; for a silence the last word heard. */
  readonly at: number;
}

const SEVERITY = { crash: 'critical', unplugged: 'serious', faults: 'serious' } as const;

/** Alarms, the gravest and then the newest first, then vehicles that have fallen silent, the shortest silence first. */
export function deriveNotices(vehicles: Iterable<VehicleNow>, now: number): { toHandle: Notice[]; toWatch: Notice[] } {
  const toHandle: Notice[] = [];
  const toWatch: Notice[] = [];
  for (const vehicle of vehicles) {
    if (vehicle.alarm) {
      // A replayed drive's alarm carries the time of the recording.
      toHandle.push({ vehicle, kind: 'alarm', severity: SEVERITY[vehicle.alarm.kind], at: vehicle.alarm.at });
    } else if (stateOf(vehicle, now) === 'silent') {
      const heardAt = lastHeardAt(vehicle);
      if (heardAt !== undefined) toWatch.push({ vehicle, kind: 'silent', severity: 'attention', at: heardAt });
    }
  }
  const newest = (a: Notice, b: Notice) => b.at - a.at;
  const gravest = (a: Notice, b: Notice) => Number(b.severity === 'critical') - Number(a.severity === 'critical');
  return { toHandle: toHandle.sort((a, b) => gravest(a, b) || newest(a, b)), toWatch: toWatch.sort(newest) };
}
