import { makeRequest } from '../answers/request.ts';
import { vinOf } from '../answers/vin.ts';
import type { Bus } from './connect-bus.ts';
import { query } from './query.ts';

const VIN = makeRequest(0x09, 0x02);
const TRIES = 2;

/** The car's vehicle identification number; undefined when it does not say (many older cars do not). */
export async function readVin(bus: Bus): Promise<string | undefined> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const outcome = await query(bus, VIN);
    if (outcome.kind === 'answered') {
      const vin = outcome.answers.map(({ data }) => vinOf(data)).find((text) => text !== undefined);
      if (vin) return vin;
    } else if (outcome.kind === 'refused' || outcome.kind === 'silent') return undefined;
  }
  return undefined;
}
