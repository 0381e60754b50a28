import type { Fact } from '@temoin/shared/telemetry';
import type { Faults } from '../adapter/read-faults.ts';

/** Faults as they travel. */
export function faultsFact({ at, milOn, stored, pending, permanent, freezeFrame }: Faults): Fact {
  return {
    kind: 'faults',
    at,
    milOn,
    codes: [...stored],
    ...(pending ? { pending: [...pending] } : {}),
    ...(permanent ? { permanent: [...permanent] } : {}),
    ...(freezeFrame ? { freezeFrame: { code: freezeFrame.code, values: { ...freezeFrame.values } } } : {}),
  };
}

/** Do two readings of a car's faults say the same, whenever they were made. */
export function sameFaults(one: Faults, other: Faults): boolean {
  const text = ({ milOn, stored, pending, permanent, freezeFrame }: Faults) =>
    JSON.stringify([milOn, stored, pending, permanent, freezeFrame?.code]);
  return text(one) === text(other);
}
