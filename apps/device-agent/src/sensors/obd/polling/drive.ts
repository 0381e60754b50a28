import type { MetricKey } from '@temoin/shared/metrics';
import type { Clock } from '../../clock.ts';
import type { Emit } from '../../sensor.ts';
import { clearFaults } from '../adapter/clear-faults.ts';
import { type Bus, probeBus } from '../adapter/connect-bus.ts';
import { askVoltage, set } from '../adapter/initialise.ts';
import { type Outcome, query } from '../adapter/query.ts';
import { readFaults } from '../adapter/read-faults.ts';
import { decodeAnswer } from '../answers/readings.ts';
import { isDelicate, parseRequest } from '../answers/request.ts';
import { AdapterError } from '../line/adapter-error.ts';
import type { ObdEvent } from '../obd-options.ts';
import type { ObdState } from '../obd-state.ts';
import type { PowerWatch } from '../power/power-watch.ts';
import { faultsFact } from './faults-fact.ts';
import { createScheduler } from './scheduler.ts';
import { pollingJobs } from './wanted.ts';

// From the first answer of a car until its engine is off. Each answer is a reading of its own with the time at which it
// arrived; a request that failed says nothing.

const VOLTAGE = 'ATRV';
const FAULTS = 'faults';
const STATUS = '0101';
const VOLTAGE_EVERY_MS = 30_000;
const FAULTS_EVERY_MS = 600_000;
/** No single good reply among so many: the adapter is confused beyond getting in step. */
const TROUBLES_BEFORE_REOPENING = 20;
const BUS_ERRORS_BEFORE_RESTART = 8;
/** So many of the last answers of PIDs that had answered before were missing: the adapter gives up too early. */
const PATIENCE_AFTER = 6;
/** Delicate requests wait for so long after anything was out of order on the line. */
const QUIET_FOR_MS = 600_000;
const LONGEST_NAP_MS = 1_000;

export interface DriveContext {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly power: PowerWatch;
  readonly state: ObdState;
  readonly emit: Emit;
  readonly report: (event: ObdEvent) => void;
}

/** Polls until the engine is off. Throws `AdapterError` when the adapter restarts, is lost, or nobody wants more. */
export async function drive({ bus, clock, power, state, emit, report }: DriveContext): Promise<void> {
  const { conversation } = bus;
  const scheduler = createScheduler(
    [
      ...pollingJobs(bus.pids, state.rates()),
      { id: VOLTAGE, everyMs: VOLTAGE_EVERY_MS },
      { id: FAULTS, everyMs: FAULTS_EVERY_MS },
    ],
    clock.monotonicMs(),
  );
  const last = new Map<MetricKey, number>();
  const everAnswered = new Set<string>();
  let troubles = 0;
  let busErrors = 0;
  let missing = 0;
  let isPatient = false;
  let status = '';

  /** True when it answered. */
  async function poll(id: string): Promise<boolean> {
    const request = parseRequest(id);
    // Not asked is not failed: it comes again when the line has been quiet for long enough.
    if (isDelicate(request) && !isQuiet()) return true;
    let outcome = await query(bus, request);
    if (outcome.kind === 'bus_error') outcome = await query(bus, request);
    weigh(outcome);
    if (outcome.kind !== 'answered') {
      if (outcome.kind === 'silent' && everAnswered.has(id)) missing += 1;
      return false;
    }
    everAnswered.add(id);
    missing = Math.max(0, missing - 0.25);
    take(id, outcome);
    return true;
  }

  function take(id: string, { answers, at }: Extract<Outcome, { kind: 'answered' }>): void {
    const data = answers[0]?.data ?? [];
    const { values, unavailable } = decodeAnswer(id, data, (key) => last.get(key));
    for (const [key, value] of Object.entries(values)) last.set(key as MetricKey, value);
    state.count('answers');
    if (unavailable.length > 0) state.count('unavailable');
    power.answered(clock.monotonicMs(), (values.rpm ?? 0) > 0 || (values.obdSpeedKmh ?? 0) > 0);
    if (Object.keys(values).length > 0) void emit.reading({ at, values });
    if (id !== STATUS) return;
    // A light that goes on, or a code more, is looked into at once.
    const now = `${values.milOn}/${values.dtcCount}`;
    if (status !== '' && now !== status) scheduler.hurry(FAULTS, clock.monotonicMs());
    status = now;
  }

  function isQuiet(): boolean {
    const troubleMs = conversation.troubleMs();
    return troubleMs === undefined || clock.monotonicMs() - troubleMs >= QUIET_FOR_MS;
  }

  function weigh(outcome: Outcome): void {
    const { kind } = outcome;
    if (outcome.kind === 'garbled' && outcome.erased) report({ kind: 'codes_erased' });
    if (kind === 'silent' || kind === 'no_bus') {
      power.silent();
      state.count('silences');
    } else if (kind === 'garbled') state.count('garbled');
    troubles = kind === 'garbled' || kind === 'bus_error' ? troubles + 1 : 0;
    busErrors = kind === 'bus_error' ? busErrors + 1 : 0;
    if (busErrors >= BUS_ERRORS_BEFORE_RESTART) throw new AdapterError('reset', 'errors on the bus');
    if (troubles >= TROUBLES_BEFORE_REOPENING) throw new AdapterError('lost', 'no reply that can be read');
  }

  async function readVoltage(): Promise<boolean> {
    const voltageV = await askVoltage(conversation);
    power.voltage(voltageV);
    state.voltage(voltageV);
    if (voltageV !== undefined)
      void emit.reading({ at: Math.round(clock.now()), values: { batteryVoltageV: voltageV } });
    return voltageV !== undefined;
  }

  async function lookForFaults(): Promise<boolean> {
    const faults = await readFaults(bus);
    if (faults && state.faults(faults)) void emit.fact(faultsFact(faults));
    return faults !== undefined;
  }

  state.onRates((rates) => {
    for (const job of pollingJobs(bus.pids, rates)) scheduler.set(job);
  });
  try {
    for (;;) {
      const wish = state.takeClearWish();
      if (wish) {
        state.endClearWish(await clearFaults(bus, wish.confirmation));
        scheduler.hurry(FAULTS, clock.monotonicMs());
      }
      const startedMs = clock.monotonicMs();
      const turn = scheduler.next(startedMs);
      if ('waitMs' in turn) await conversation.pause(Math.max(1, Math.min(turn.waitMs, LONGEST_NAP_MS)));
      else {
        const run = turn.id === VOLTAGE ? readVoltage : turn.id === FAULTS ? lookForFaults : poll;
        const answered = await run(turn.id);
        scheduler.done(turn.id, startedMs, clock.monotonicMs(), answered);
        state.load(scheduler.load());
      }
      if (missing >= PATIENCE_AFTER && !isPatient) {
        // Adaptive timing of some clones is too short for slow computers.
        isPatient = (await set(conversation, 'ATAT0')) && (await set(conversation, 'ATST64'));
        missing = isPatient ? 0 : Number.NEGATIVE_INFINITY;
      }
      if (power.isOff(clock.monotonicMs())) return;
      if (power.isSuspicious()) {
        const presence = await probeBus(conversation);
        weigh(presence);
        if (presence.kind === 'silent' || presence.kind === 'no_bus') return;
        if (presence.kind === 'answered') power.answered(clock.monotonicMs(), false);
        scheduler.forgive();
      }
    }
  } finally {
    state.onRates(undefined);
    // Sent or not, nobody can say any more.
    state.endClearWish('unknown');
  }
}
