import type { MetricKey } from '@temoin/shared/metrics';
import type { Fact, Reading } from '@temoin/shared/telemetry';
import type { ObdEvent, ObdOptions } from '../obd-options.ts';
import { createObdSensor } from '../obd-sensor.ts';
import type { FakeClock } from './fake-clock.ts';
import type { StandInAdapter } from './stand-in-adapter.ts';
import type { StandInCar, StandInEcu } from './stand-in-car.ts';

/** A small petrol car on CAN whose engine runs; every value can be told from every other. */
export function ordinaryCar(change: Partial<StandInCar> = {}): StandInCar {
  const engine: StandInEcu = {
    id: '7E8',
    answers: {
      '0101': [0x81, 0x07, 0xe1, 0x00],
      '0104': [0x80],
      '0105': [0x7b],
      '010B': [0x21],
      '010C': [0x1a, 0xf8],
      '010D': [0x32],
      '010F': [0x3c],
      '0110': [0x02, 0x9a],
      '0111': [0x26],
      '012F': [0x9e],
      '0142': [0x36, 0xb0],
      '01A6': [0x00, 0x08, 0xe1, 0xfc],
      '020200': [0x04, 0x01],
      '020500': [0x6e],
      '020C00': [0x0f, 0xa0],
    },
    stored: [0x04, 0x01],
    pending: [],
    permanent: [0x04, 0x01],
    vin: 'VF1AG000123456789',
  };
  return {
    form: 'can11',
    protocol: '6',
    ecus: [engine],
    isIgnitionOn: () => true,
    voltageV: () => 14.1,
    cleared: 0,
    ...change,
  };
}

/** Runs the sensor on a stand-in for `forMs` of fake time and returns all it emitted. */
export function startSensor(clock: FakeClock, adapter: StandInAdapter, options: Partial<ObdOptions> = {}) {
  const readings: Reading[] = [];
  const facts: Fact[] = [];
  const events: ObdEvent[] = [];
  const stop = new AbortController();
  const sensor = createObdSensor({
    address: '/dev/stand-in',
    clock,
    random: () => 0.5,
    open: () => adapter.open(),
    report: (event) => events.push(event),
    ...options,
  });
  const ended = sensor.run(
    { reading: (reading) => void readings.push(reading), fact: (fact) => void facts.push(fact) },
    stop.signal,
  );
  return {
    sensor,
    readings,
    facts,
    events,
    pass: (ms: number) => clock.run(clock.sleep(ms)),
    /** Values of one metric in the order of their arrival. */
    valuesOf: (key: MetricKey) => readings.flatMap(({ values }) => (values[key] === undefined ? [] : [values[key]])),
    async end(): Promise<void> {
      stop.abort();
      await clock.run(ended);
    },
  };
}
