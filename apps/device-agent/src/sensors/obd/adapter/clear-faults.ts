import { decodeAnswer } from '../answers/readings.ts';
import { makeRequest } from '../answers/request.ts';
import type { Bus } from './connect-bus.ts';
import { query } from './query.ts';
import { readFaults } from './read-faults.ts';

// Clearing erases evidence (codes, freeze frame, readiness tests) and is sent for nobody but a person who saw the codes: the
// confirmation names them, and what the car says now must be exactly that. A running engine refuses.

/** What a person confirmed: the stored codes that they were shown. */
export interface ClearConfirmation {
  readonly codes: readonly string[];
}

/**
 * `cleared`: the car confirmed. `codes_changed`: the car has other codes than the person saw. `engine_running`. `unknown`: the
 * car did not say what it has, or whether it runs. `refused`: the car said no, or nothing. `not_connected`: ignition off.
 */
export type ClearOutcome = 'cleared' | 'codes_changed' | 'engine_running' | 'unknown' | 'refused' | 'not_connected';

const CLEAR = makeRequest(0x04);
const RPM = makeRequest(0x01, 0x0c);
const CLEAR_LIMIT_MS = 15_000;

/** Clears the stored codes of all computers, once, when everything is as confirmed. */
export async function clearFaults(bus: Bus, { codes }: ClearConfirmation): Promise<ClearOutcome> {
  const rpm = await query(bus, RPM);
  const value = rpm.kind === 'answered' ? decodeAnswer(RPM.text, rpm.answers[0]?.data ?? []).values.rpm : undefined;
  if (value === undefined) return 'unknown';
  if (value > 0) return 'engine_running';
  const faults = await readFaults(bus);
  if (!faults) return 'unknown';
  const same = faults.stored.length === new Set(codes).size && faults.stored.every((code) => codes.includes(code));
  if (!same) return 'codes_changed';
  // Never repeated: a lost answer leaves it to a person to look again.
  const outcome = await query(bus, CLEAR, CLEAR_LIMIT_MS);
  return outcome.kind === 'answered' ? 'cleared' : 'refused';
}
