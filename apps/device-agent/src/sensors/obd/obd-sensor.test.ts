import type { MetricKey } from '@temoin/shared/metrics';
import { describe, expect, it } from 'vitest';
import { identifyAdapter } from './identify-adapter.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { ordinaryCar, startSensor } from './testing/run-sensor.ts';
import { createStandInAdapter, type Quirks } from './testing/stand-in-adapter.ts';
import type { StandInCar } from './testing/stand-in-car.ts';

// The whole driver on a stand-in adapter (testing/stand-in-adapter.ts) and a clock that jumps. What the real program says is
// tested in emulator.test.ts.

const MINUTE = 60_000;

function plugIn(change: Partial<StandInCar> = {}, quirks: Quirks = {}, options = {}) {
  const clock = createFakeClock();
  const car = ordinaryCar(change);
  const adapter = createStandInAdapter(car, clock, quirks);
  return { clock, car, adapter, ...startSensor(clock, adapter, options) };
}

/** The ordinary car on a line that changes what is sent. */
function plugInThrough(change: (text: string) => string) {
  const clock = createFakeClock();
  const car = ordinaryCar();
  const adapter = createStandInAdapter(car, clock);
  const open = async () => {
    const port = await adapter.open();
    return { ...port, write: (text: string) => port.write(change(text)) };
  };
  return { clock, car, adapter, ...startSensor(clock, adapter, { open }) };
}

/** What the ordinary car says, by the formulas of SAE J1979. */
const TRUE_VALUES: Readonly<Partial<Record<MetricKey, number>>> = {
  rpm: 1726,
  obdSpeedKmh: 50,
  coolantTempC: 83,
  intakePressureKpa: 33,
  intakeAirTempC: 20,
  massAirFlowGps: 6.66,
  moduleVoltageV: 14,
  odometerKm: 58_214,
  milOn: 1,
  dtcCount: 1,
  batteryVoltageV: 14.1,
};

describe('OBD sensor', () => {
  it('reads everything the car supports, at the rates that the metrics want', async () => {
    const run = plugIn();
    await run.pass(MINUTE);
    await run.end();
    for (const [key, value] of Object.entries(TRUE_VALUES)) {
      const values = run.valuesOf(key as MetricKey);
      expect(values.length, key).toBeGreaterThan(0);
      for (const read of values) expect(read, key).toBeCloseTo(value, 6);
    }
    expect(run.valuesOf('rpm').length).toBeGreaterThanOrEqual(50);
    expect(run.valuesOf('coolantTempC').length).toBeLessThanOrEqual(5);
    expect(run.valuesOf('oilTempC')).toEqual([]);
    expect(run.adapter.interrupted).toBe(0);
    expect(run.sensor.status()).toMatchObject({ state: 'closed', adapter: 'ELM327 v1.5', protocol: '6' });
  });

  it('stamps each value with the time at which it arrived, also when the wall clock is set', async () => {
    const run = plugIn();
    await run.pass(10_000);
    const before = run.readings.length;
    run.clock.step(3_600_000);
    await run.pass(10_000);
    await run.end();
    const times = run.readings.map(({ at }) => at);
    expect(new Set(times).size).toBeGreaterThan(times.length * 0.9);
    const step = (times[before + 1] ?? 0) - (times[before - 1] ?? 0);
    expect(step).toBeGreaterThan(3_599_000);
    expect(step).toBeLessThan(3_610_000);
  });

  it('tells VIN, fault codes with freeze frame and the light, once as long as nothing changes', async () => {
    const run = plugIn();
    await run.pass(25 * MINUTE);
    await run.end();
    expect(run.sensor.status().vin).toBe('VF1AG000123456789');
    expect(run.facts).toEqual([
      {
        kind: 'faults',
        at: expect.any(Number),
        milOn: true,
        codes: ['P0401'],
        pending: [],
        permanent: ['P0401'],
        freezeFrame: { code: 'P0401', values: { coolantTempC: 70, rpm: 1000 } },
      },
    ]);
  });

  it('looks at once for the fault when the light goes on', async () => {
    let status = [0x00, 0x07, 0xe1, 0x00];
    const run = plugIn();
    const [engine] = run.car.ecus;
    run.car.ecus[0] = { ...engine!, answers: { ...engine?.answers, '0101': () => status }, stored: [] };
    await run.pass(3 * MINUTE);
    expect(run.facts).toMatchObject([{ milOn: false, codes: [] }]);
    status = [0x82, 0x07, 0xe1, 0x00];
    run.car.ecus[0] = { ...run.car.ecus[0], stored: [0x04, 0x01, 0xc1, 0x00] };
    await run.pass(MINUTE);
    await run.end();
    expect(run.facts[1]).toMatchObject({ milOn: true, codes: ['P0401', 'U0100'] });
  });

  it('calls faults unknown, not absent, when the car does not say', async () => {
    const run = plugIn();
    const { stored: _, ...silent } = run.car.ecus[0]!;
    run.car.ecus[0] = silent;
    await run.pass(20 * MINUTE);
    await run.end();
    expect(run.facts).toEqual([]);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(1000);
  });

  it('takes values from the engine when several computers answer, and codes from all', async () => {
    const run = plugIn();
    run.car.ecus.unshift({
      id: '7EA',
      answers: { '0101': [0, 0, 0, 0], '010D': [0x30], '010C': [0, 0], '0146': [0x41] },
      stored: [0x07, 0x00],
    });
    await run.pass(MINUTE);
    await run.end();
    expect(new Set(run.valuesOf('rpm'))).toEqual(new Set([1726]));
    expect(new Set(run.valuesOf('obdSpeedKmh'))).toEqual(new Set([50]));
    expect(new Set(run.valuesOf('ambientTempC'))).toEqual(new Set([25]));
    expect(run.facts[0]).toMatchObject({ milOn: true, codes: ['P0401', 'P0700'] });
  });

  it.each([
    ['29-bit CAN', { form: 'can29', protocol: '7', id: '18DAF110' }],
    ['ISO 9141', { form: 'legacy', protocol: '3', id: '10' }],
  ] as const)('speaks %s', async (_, { form, protocol, id }) => {
    const run = plugIn({ form, protocol });
    run.car.ecus[0] = { ...run.car.ecus[0]!, id };
    await run.pass(MINUTE);
    await run.end();
    expect(new Set(run.valuesOf('rpm'))).toEqual(new Set([1726]));
    expect(run.facts[0]).toMatchObject({ codes: ['P0401'] });
    expect(run.sensor.status()).toMatchObject({ vin: 'VF1AG000123456789', protocol });
  });

  it('starts with the protocol of last time, and searches when the car is another one', async () => {
    const same = plugIn({}, {}, { remembered: { protocol: '6' } });
    await same.pass(20_000);
    await same.end();
    expect(same.adapter.heard.map(({ command }) => command)).not.toContain('ATSP0');

    const learnt: unknown[] = [];
    const other = plugIn({}, {}, { remembered: { protocol: '3' }, remember: (memory: unknown) => learnt.push(memory) });
    await other.pass(40_000);
    await other.end();
    expect(other.valuesOf('rpm').length).toBeGreaterThan(10);
    expect(learnt.at(-1)).toMatchObject({ protocol: '6', vin: 'VF1AG000123456789' });
  });

  it('takes new rates while it runs', async () => {
    const run = plugIn();
    await run.pass(30_000);
    run.sensor.setRates({ coolantTempC: 1_000, rpm: 10_000 });
    const [temps, revs] = [run.valuesOf('coolantTempC').length, run.valuesOf('rpm').length];
    await run.pass(30_000);
    await run.end();
    expect(run.valuesOf('coolantTempC').length - temps).toBeGreaterThan(20);
    expect(run.valuesOf('rpm').length - revs).toBeLessThan(6);
  });

  it('gives everything less often on a slow adapter, and nothing never', async () => {
    const run = plugIn({}, { latencyMs: 600 });
    await run.pass(5 * MINUTE);
    await run.end();
    for (const key of Object.keys(TRUE_VALUES)) expect(run.valuesOf(key as MetricKey).length, key).toBeGreaterThan(0);
    expect(run.sensor.status().load).toBeGreaterThan(0.9);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(80);
  });

  it('gives no value for what fails or what the car does not have', async () => {
    const run = plugIn();
    run.car.ecus[0] = {
      ...run.car.ecus[0]!,
      answers: { ...run.car.ecus[0]?.answers, '010D': [0xff], '0105': [0x00], '0146': [0x30] },
      refuses: { '0146': 0x12 },
    };
    await run.pass(2 * MINUTE);
    await run.end();
    expect(run.valuesOf('obdSpeedKmh')).toEqual([]);
    expect(run.valuesOf('coolantTempC')).toEqual([]);
    expect(run.valuesOf('ambientTempC')).toEqual([]);
    expect(run.sensor.status().counts.unavailable).toBeGreaterThan(50);
  });
});

describe('a computer that answers with another service', () => {
  it('gives no value, and nothing else suffers', async () => {
    const run = plugIn();
    run.car.ecus.push({ id: '7EA', answers: { '0146': [0x30] }, strange: { '0146': [0x61, 0x46, 0x30] } });
    await run.pass(5 * MINUTE);
    await run.end();
    expect(run.valuesOf('ambientTempC')).toEqual([]);
    expect(run.valuesOf('engineLoadPct').length).toBeGreaterThan(100);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(270);
  });
});

describe('clones', () => {
  it.each<[string, Quirks]>([
    ['knows half of the commands', { version: 'ELM327 v2.1', unknown: ['S0', 'L0', 'AT1', 'DPN', 'I'] }],
    ['greets with another name', { version: 'OBDII v1.5' }],
    ['shows no headers though it said OK', { liesAboutHeaders: true }],
    ['does not know headers', { unknown: ['H1'] }],
    ['hides its protocol', { hidesProtocol: true }],
    ['cannot search', { cannotSearch: true }],
  ])('that %s is used all the same', async (_, quirks) => {
    const run = plugIn({}, quirks);
    await run.pass(3 * MINUTE);
    await run.end();
    expect(new Set(run.valuesOf('rpm'))).toEqual(new Set([1726]));
    expect(new Set(run.valuesOf('coolantTempC'))).toEqual(new Set([83]));
    expect(run.facts[0]).toMatchObject({ codes: ['P0401'] });
  });

  it('that claims PIDs it does not have is asked for them ever more rarely', async () => {
    const run = plugIn();
    const lies = { '0100': [0xff, 0xff, 0xff, 0xff], '0120': [0xff, 0xff, 0xff, 0xff] };
    run.car.ecus[0] = { ...run.car.ecus[0]!, answers: { ...run.car.ecus[0]?.answers, ...lies } };
    await run.pass(20 * MINUTE);
    await run.end();
    const asked = run.adapter.heard.filter(({ command }) => command === '010E').length;
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(15);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(900);
  });

  it('that freezes is cured by opening the port again', async () => {
    const run = plugIn({}, { freezesAfter: 200 });
    await run.pass(10 * MINUTE);
    await run.end();
    expect(run.adapter.opened).toBeGreaterThan(5);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(200);
    expect(new Set(run.valuesOf('rpm'))).toEqual(new Set([1726]));
  });

  it('that browns out in the middle of a drive is set up again', async () => {
    const run = plugIn();
    for (let i = 0; i < 10; i += 1) {
      await run.pass(20_000 + i * 37);
      run.adapter.brownOut();
    }
    await run.pass(20_000);
    await run.end();
    expect(run.sensor.status().counts).toMatchObject({ opened: expect.any(Number), restarts: expect.any(Number) });
    expect(run.sensor.status().counts.restarts).toBeGreaterThanOrEqual(5);
    expect(new Set(run.valuesOf('rpm'))).toEqual(new Set([1726]));
    expect(run.valuesOf('rpm').length).toBeGreaterThan(100);
  });

  it('that is unplugged and plugged in again goes on, with pauses that grow', async () => {
    const run = plugIn();
    await run.pass(20_000);
    run.adapter.unplug();
    await run.pass(20_000);
    await run.end();
    expect(run.adapter.opened).toBe(2);
    const refused = plugIn({}, {}, { open: () => Promise.reject(new Error('no such device')) });
    await refused.pass(60 * MINUTE);
    await refused.end();
    const failures = refused.events.filter(({ kind }) => kind === 'port_failed').length;
    expect(failures).toBeGreaterThan(50);
    expect(failures).toBeLessThan(75);
  });
});

describe('a parked car', () => {
  it('is not asked again because its adapter was lost and found', async () => {
    let isOn = true;
    const run = plugIn({ isIgnitionOn: () => isOn, voltageV: () => (isOn ? 14.1 : 12.5) });
    await run.pass(MINUTE);
    isOn = false;
    await run.pass(10 * MINUTE);
    expect(run.sensor.status().state).toBe('asleep');
    await run.pass(24 * 60 * MINUTE);
    const before = run.adapter.heard.length;
    for (let i = 0; i < 20; i += 1) {
      run.adapter.unplug();
      await run.pass(10 * MINUTE);
    }
    const asked = run.adapter.heard.slice(before).map(({ command }) => command);
    expect(run.sensor.status().counts.opened).toBe(21);
    expect(asked.filter((command) => !command.startsWith('AT')).length).toBeLessThanOrEqual(1);
    isOn = true;
    const revs = run.valuesOf('rpm').length;
    await run.pass(2 * MINUTE);
    await run.end();
    expect(run.valuesOf('rpm').length).toBeGreaterThan(revs + 10);
  });

  it('is looked at soon when the adapter restarts, as a starter makes it do', async () => {
    let isOn = false;
    const run = plugIn({ isIgnitionOn: () => isOn, voltageV: () => 12.5 });
    await run.pass(26 * 60 * MINUTE);
    isOn = true;
    run.adapter.brownOut();
    await run.pass(4 * MINUTE);
    await run.end();
    expect(run.valuesOf('rpm').length).toBeGreaterThan(10);
  });
});

describe('clearing fault codes', () => {
  const standing = { ...ordinaryCar().ecus[0]!.answers, '010C': [0, 0], '010D': [0] };

  it('is never done by itself', async () => {
    const run = plugIn();
    await run.pass(60 * MINUTE);
    await run.end();
    expect(run.adapter.heard.map(({ command }) => command)).not.toContain('04');
  });

  it('does not happen when the adapter swallows the beginning of the request for the engine load', async () => {
    for (let lost = 1; lost <= 6; lost += 1) {
      const run = plugInThrough((text) => (text.includes('0104') ? text.slice(lost) : text));
      await run.pass(MINUTE);
      await run.end();
      expect(run.car.cleared, `${lost} characters`).toBe(0);
      expect(new Set(run.valuesOf('engineLoadPct')).size).toBe(1);
    }
  });

  it('is not risked on a line that gives reason to doubt, until it was quiet for ten minutes', async () => {
    const run = plugIn();
    await run.pass(MINUTE);
    run.adapter.say('x');
    await run.pass(1_000);
    const askedFor = () => run.adapter.heard.filter(({ command }) => command === '0104').length;
    const [before, revs] = [askedFor(), run.valuesOf('rpm').length];
    expect(before).toBeGreaterThan(10);
    await run.pass(9 * MINUTE);
    expect(askedFor()).toBe(before);
    expect(run.valuesOf('rpm').length).toBeGreaterThan(revs + 400);
    await run.pass(2 * MINUTE);
    await run.end();
    expect(askedFor()).toBeGreaterThan(before + 10);
  });

  it('is said when a damaged line did it after all', async () => {
    const run = plugInThrough((text) => text.replace('0104', '04'));
    await run.pass(MINUTE);
    await run.end();
    expect(run.car.cleared).toBe(1);
    expect(run.events).toContainEqual({ kind: 'codes_erased' });
    expect(run.valuesOf('engineLoadPct')).toEqual([]);
  });

  it('is done once for a person who saw these very codes, with the engine standing', async () => {
    const run = plugIn();
    run.car.ecus[0] = { ...run.car.ecus[0]!, answers: standing };
    await run.pass(20_000);
    expect(await run.clock.run(run.sensor.clearFaults({ codes: ['P0401'] }))).toBe('cleared');
    await run.end();
    expect(run.car.cleared).toBe(1);
  });

  it.each([
    ['codes_changed', ['P0420'], standing],
    ['codes_changed', [], standing],
    ['codes_changed', ['P0401', 'P0420'], standing],
    ['engine_running', ['P0401'], ordinaryCar().ecus[0]!.answers],
  ])('is refused as %s for %j', async (outcome, codes, answers) => {
    const run = plugIn();
    run.car.ecus[0] = { ...run.car.ecus[0]!, answers };
    await run.pass(20_000);
    expect(await run.clock.run(run.sensor.clearFaults({ codes }))).toBe(outcome);
    await run.end();
    expect(run.car.cleared).toBe(0);
  });

  it('says so when there is no car to talk to', async () => {
    const run = plugIn({ isIgnitionOn: () => false, voltageV: () => 12.5 });
    await run.pass(MINUTE);
    expect(await run.sensor.clearFaults({ codes: [] })).toBe('not_connected');
    await run.end();
  });
});

describe('identifying an adapter', () => {
  it('finds the speed at which it can be understood, and asks nothing of the car', async () => {
    const clock = createFakeClock();
    const adapter = createStandInAdapter(ordinaryCar(), clock);
    const speeds: number[] = [];
    const open = async (baud: number) => {
      speeds.push(baud);
      const port = await adapter.open();
      if (baud === 115_200) return port;
      // At a wrong speed both sides hear something else.
      return { ...port, write: (text: string) => port.write(text.replace(/./g, '\u00fe')) };
    };
    const found = await clock.run(
      identifyAdapter({ address: '/dev/stand-in', clock, open }, new AbortController().signal),
    );
    expect(found).toEqual({ name: 'ELM327 v1.5', voltageV: 14.1, baud: 115_200 });
    expect(speeds).toEqual([38_400, 9_600, 115_200]);
    expect(adapter.heard.filter(({ command }) => /^\d/.test(command))).toEqual([]);
  });

  it('finds none where there is none', async () => {
    const clock = createFakeClock();
    const open = () => Promise.reject(new Error('no such device'));
    const { signal } = new AbortController();
    expect(await clock.run(identifyAdapter({ address: '/dev/stand-in', clock, open }, signal))).toBeUndefined();
  });
});
