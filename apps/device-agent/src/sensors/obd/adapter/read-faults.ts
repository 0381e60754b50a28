import { METRICS, type MetricKey } from '@temoin/shared/metrics';
import { faultCode, faultCodes } from '../answers/fault-codes.ts';
import { decodeAnswer, METRICS_BY_REQUEST } from '../answers/readings.ts';
import { isDelicate, makeRequest, type Request } from '../answers/request.ts';
import { supportedPids } from '../answers/supported.ts';
import type { Bus } from './connect-bus.ts';
import { type Outcome, query } from './query.ts';

/** Values that the car kept from the moment of a fault. */
interface FreezeFrame {
  /** The code that made the car keep it. */
  readonly code: string;
  readonly values: { readonly [key in MetricKey]?: number };
}

export interface Faults {
  /** When the stored codes were read, wall clock, ms. */
  readonly at: number;
  /** Engine light on, by any computer. */
  readonly milOn: boolean;
  readonly stored: readonly string[];
  /** Seen once, not confirmed yet; undefined when the car does not say. */
  readonly pending: readonly string[] | undefined;
  /** Not to be cleared by hand; undefined when the car does not say (before 2010). */
  readonly permanent: readonly string[] | undefined;
  readonly freezeFrame: FreezeFrame | undefined;
}

const STORED = 0x03;
const PENDING = 0x07;
const PERMANENT = 0x0a;
const FREEZE_FRAME = 0x02;
const MAX_CODES = 64;
const STATUS = makeRequest(0x01, 0x01);

/** Reads the faults; undefined when the car does not say: no answer is not "no faults". */
export async function readFaults(bus: Bus): Promise<Faults | undefined> {
  const status = await askTwice(bus, STATUS);
  if (status.kind !== 'answered' || !status.whole) return undefined;
  const milOn = status.answers.some(({ data }) => ((data[0] ?? 0) & 0x80) !== 0);
  const stored = await readCodes(bus, STORED);
  if (!stored) return undefined;
  const pending = await readCodes(bus, PENDING);
  const permanent = await readCodes(bus, PERMANENT);
  return {
    at: stored.at,
    milOn,
    stored: stored.codes,
    pending: pending?.codes,
    permanent: permanent?.codes,
    freezeFrame: stored.codes.length > 0 ? await readFreezeFrame(bus) : undefined,
  };
}

async function readCodes(bus: Bus, mode: number): Promise<{ at: number; codes: string[] } | undefined> {
  const request = makeRequest(mode);
  const outcome = await askTwice(bus, request);
  if (outcome.kind !== 'answered' || !outcome.whole) return undefined;
  const codes = new Set<string>();
  for (const { data } of outcome.answers) {
    const own = faultCodes(data, bus.kind);
    // One unreadable list makes the whole unknown: a shorter list would look like a repair.
    if (!own) return undefined;
    for (const code of own) codes.add(code);
  }
  return { at: outcome.at, codes: [...codes].slice(0, MAX_CODES) };
}

/** Asks again when the reply could not be read, or not all of it. */
async function askTwice(bus: Bus, request: Request): Promise<Outcome> {
  const outcome = await query(bus, request);
  return isDoubtful(outcome) ? query(bus, request) : outcome;
}

const isDoubtful = (outcome: Outcome) =>
  outcome.kind === 'garbled' || outcome.kind === 'bus_error' || (outcome.kind === 'answered' && !outcome.whole);

async function readFreezeFrame(bus: Bus): Promise<FreezeFrame | undefined> {
  const ask = async (pid: number) => {
    const outcome = await query(bus, makeRequest(FREEZE_FRAME, pid, 0));
    return outcome.kind === 'answered' ? outcome.answers[0] : undefined;
  };
  const cause = await ask(0x02);
  const [high = 0, low = 0] = cause?.data ?? [];
  if (!cause || cause.data.length < 2 || (high === 0 && low === 0)) return undefined;
  const mask = await ask(0x00);
  const kept = new Set(mask ? supportedPids(0, mask.data) : []);
  const values: { [key in MetricKey]?: number } = {};
  for (const [request, keys] of METRICS_BY_REQUEST) {
    const pid = Number.parseInt(request.slice(2), 16);
    // Here of all places a request that can turn into "clear" is not worth it.
    if (
      !kept.has(pid) ||
      isDelicate(makeRequest(FREEZE_FRAME, pid, 0)) ||
      keys.every((key) => METRICS[key].kind === 'switch')
    )
      continue;
    const answer = await ask(pid);
    if (answer) Object.assign(values, decodeAnswer(request, answer.data).values);
  }
  return { code: faultCode(high, low), values };
}
