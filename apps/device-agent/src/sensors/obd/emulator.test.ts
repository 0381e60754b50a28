import { METRIC_KEYS, METRICS, type MetricKey } from '@temoin/shared/metrics';
import type { Fact, Reading } from '@temoin/shared/telemetry';
import { afterEach, expect, it } from 'vitest';
import { describeWith } from '../../../../../testing/needs.ts';
import { type RunningElm, startElm } from '../../../../../testing/servers/elm.ts';
import { trueClock } from '../clock.ts';
import { identifyAdapter } from './identify-adapter.ts';
import type { ObdEvent } from './obd-options.ts';
import { createObdSensor } from './obd-sensor.ts';
import { startFaultProxy } from './testing/fault-proxy.ts';
import type { FaultRates } from './testing/faults.ts';
import { parseAddress } from './transport/address.ts';
import { openPort } from './transport/open-port.ts';

// The driver against the emulator of PyPI, a program of its own with its own ideas of an ELM327: over TCP, over a
// pseudo-terminal with the serial driver and without, and behind a line with faults. True time: these tests wait.

const LIMIT_MS = 90_000;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function emulator(line: 'tcp' | 'pty', scenario = 'car'): Promise<RunningElm> {
  const elm = await startElm({ line, scenario });
  ends.push(elm.stop);
  return elm;
}

function connect(address: string) {
  const readings: Reading[] = [];
  const facts: Fact[] = [];
  const events: ObdEvent[] = [];
  const stop = new AbortController();
  const sensor = createObdSensor({ address, clock: trueClock, report: (event) => events.push(event) });
  const ended = sensor.run(
    { reading: (reading) => void readings.push(reading), fact: (fact) => void facts.push(fact) },
    stop.signal,
  );
  const end = async () => {
    stop.abort();
    await ended;
  };
  ends.push(end);
  const valuesOf = (key: MetricKey) => readings.flatMap(({ values }) => values[key] ?? []);
  return { sensor, readings, facts, events, end, valuesOf };
}

async function until(what: string, isTrue: () => boolean, withinMs = 60_000): Promise<void> {
  const limitMs = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > limitMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await trueClock.sleep(50);
  }
}

/** Every value that may be read from what the adapter really said, by metric; found without our parser. */
function truths(said: string): Map<MetricKey, number[]> {
  const found = new Map<MetricKey, number[]>(METRIC_KEYS.map((key) => [key, []]));
  for (const line of said.replaceAll(' ', '').split(/[\r\n>]+/)) {
    const [, pid, data = ''] = /^7E80[1-7]41([0-9A-F]{2})((?:[0-9A-F]{2})+)$/.exec(line) ?? [];
    for (const key of METRIC_KEYS) {
      const { obd } = METRICS[key];
      if (pid && obd?.request === `01${pid}`) found.get(key)?.push(obd.decode([...Buffer.from(data, 'hex')]));
    }
    const volts = /^(\d+\.\d+)V$/.exec(line);
    if (volts) found.get('batteryVoltageV')?.push(Number(volts[1]));
  }
  return found;
}

/** Long runs by `npm run test:soak`. */
const FAULTS_LAST_MS = process.env.TEMOIN_SOAK ? 300_000 : 8_000;

describeWith(['elm'], 'the driver and the ELM327 emulator', () => {
  it.each([
    ['TCP', 'tcp', (address: string) => address],
    ['a pseudo-terminal, by the serial driver', 'pty', (address: string) => address],
    ['a pseudo-terminal, as a plain terminal', 'pty', (address: string) => `tty:${address}`],
  ] as const)(
    'talk over %s',
    async (_, line, addressOf) => {
      const elm = await emulator(line);
      const { sensor, events, facts, valuesOf, end } = connect(addressOf(elm.address));
      await until('engine speed five times', () => valuesOf('rpm').length >= 5);
      await until('faults', () => facts.length > 0);
      await until('coolant', () => valuesOf('coolantTempC').length > 0);
      await end();
      expect(sensor.status()).toMatchObject({ adapter: 'ELM327 v1.5', protocol: '6' });
      expect(sensor.status().pids.length).toBeGreaterThan(20);
      expect(sensor.status().counts).toMatchObject({ opened: 1, restarts: 0 });
      expect(events).toContainEqual(expect.objectContaining({ kind: 'connected', protocol: '6' }));
      expect(facts[0]).toMatchObject({ kind: 'faults' });
      expect(valuesOf('batteryVoltageV').length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it.each(['tcp', 'pty'] as const)(
    'are found by who looks for an adapter (%s), without a word to the car',
    async (line) => {
      const elm = await emulator(line);
      const found = await identifyAdapter({ address: elm.address, clock: trueClock }, AbortSignal.timeout(30_000));
      expect(found).toMatchObject({ name: 'ELM327 v1.5', baud: 38_400 });
      expect(found?.voltageV).toBeGreaterThan(6);
    },
    LIMIT_MS,
  );

  it(
    'find nobody when the ignition is off, and leave the car alone',
    async () => {
      const elm = await emulator('tcp', 'engineoff');
      const { sensor, readings } = connect(elm.address);
      await until('asleep', () => sensor.status().state === 'asleep');
      expect(readings.flatMap(({ values }) => Object.keys(values)).filter((key) => key !== 'batteryVoltageV')).toEqual(
        [],
      );
    },
    LIMIT_MS,
  );

  it(
    'find each other again after the emulator died',
    async () => {
      const elm = await emulator('tcp');
      const { sensor, valuesOf } = connect(elm.address);
      await until('engine speed', () => valuesOf('rpm').length > 0);
      await elm.restart();
      const before = valuesOf('rpm').length;
      await until('engine speed again', () => valuesOf('rpm').length > before + 3);
      expect(sensor.status().counts.opened).toBeGreaterThan(1);
    },
    LIMIT_MS,
  );

  it.each<[string, 'tcp' | 'pty', Partial<FaultRates>]>([
    ['bytes get lost and noise comes in', 'tcp', { drop: 0.01, garbage: 0.01 }],
    ['everything is echoed, bytes come one by one, and late', 'tcp', { echo: 1, split: 1, delay: 0.2, delayMs: 700 }],
    ['answers stand one place too late and prompts come twice', 'pty', { desynchronise: 0.03, prompt: 0.1 }],
    ['the line is cut', 'pty', { cut: 0.02 }],
  ])(
    'understand each other when %s (%s), and nothing is made up',
    async (_, line, rates) => {
      const elm = await emulator(line);
      const proxy = await startFaultProxy((signal) => openPort(parseAddress(elm.address), 38_400, signal), 11);
      ends.push(proxy.close);
      const { readings, valuesOf } = connect(proxy.address);
      await until('engine speed', () => valuesOf('rpm').length > 0);
      proxy.setRates(rates);
      await trueClock.sleep(FAULTS_LAST_MS);
      proxy.setRates({});
      const worst = valuesOf('rpm').length;
      await until('engine speed when all is well again', () => valuesOf('rpm').length > worst + 3);
      const truth = truths(proxy.said());
      for (const { values } of readings)
        for (const [key, value] of Object.entries(values)) expect(truth.get(key as MetricKey), key).toContain(value);
    },
    LIMIT_MS + FAULTS_LAST_MS,
  );
});
