import { decodeBatch, openBatch } from '@temoin/shared/codec';
import type { Fact, Reading } from '@temoin/shared/telemetry';
import { describe, expect, it } from 'vitest';
import { startCounters } from '../chain/counters.ts';
import { compressor } from '../chain/sealer.ts';
import type { AgentEvent } from '../events.ts';
import { openOutbox } from '../outbox/outbox.ts';
import { type Clock, trueClock } from '../sensors/clock.ts';
import type { Sensor } from '../sensors/sensor.ts';
import { createMemoryDisk, diskError, type MemoryDisk } from '../testing/memory-disk.ts';
import { TEST_BOX_ID, TEST_KEY } from '../testing/sealed-batches.ts';
import { createRecorder } from './recorder.ts';

const source = (more: Partial<Sensor> = {}): Sensor => ({ name: 'test', run: async () => undefined, ...more });
const reading = (n: number): Reading => ({ at: 1_700_000_000_000 + n, values: { rpm: n % 8000 } });

async function setUp(
  disk: MemoryDisk,
  more: { clock?: Clock; maxReadings?: number; maxAgeMs?: number; limitBytes?: number } = {},
) {
  const outbox = await openOutbox({
    folder: '/box/outbox',
    disk,
    ...(more.limitBytes ? { limitBytes: more.limitBytes, segmentBytes: 4096 } : {}),
  });
  const clock = more.clock ?? {
    ...trueClock,
    sleep: (ms: number, signal?: AbortSignal) => trueClock.sleep(Math.min(ms, 10), signal),
  };
  const events: AgentEvent[] = [];
  let kept = 0;
  const recorder = createRecorder({
    boxId: TEST_BOX_ID,
    key: TEST_KEY,
    counters: await startCounters('/box', outbox, 0, disk),
    outbox,
    clock,
    report: (event) => events.push(event),
    limits: { maxReadings: more.maxReadings ?? 10, maxAgeMs: more.maxAgeMs ?? 20, maxBytes: 100_000 },
    onKept: () => {
      kept += 1;
    },
  });
  const stop = new AbortController();
  const ended = recorder.run(stop.signal);
  return {
    outbox,
    recorder,
    events,
    signal: stop.signal,
    kept: () => kept,
    async contents(): Promise<{
      readings: Reading[];
      facts: Fact[];
      headers: ReturnType<typeof openBatch>['header'][];
    }> {
      const opened = (await outbox.peek(100_000, 100_000_000)).map((batch) => openBatch(batch.bytes));
      const decoded = opened.map((batch) => decodeBatch(batch, compressor));
      return {
        readings: decoded.flatMap((one) => one.readings),
        facts: decoded.flatMap((one) => one.facts),
        headers: opened.map((one) => one.header),
      };
    },
    async end(): Promise<boolean> {
      stop.abort();
      await ended;
      return recorder.flush();
    },
  };
}

describe('recorder', () => {
  it('puts everything on disk in order: by count, by age, and what is open at the end', async () => {
    const box = await setUp(createMemoryDisk());
    const emit = box.recorder.emitFor(source(), box.signal);
    for (let n = 0; n < 25; n += 1) void emit.reading(reading(n));
    await box.recorder.settleDown(box.signal);
    for (let n = 25; n < 28; n += 1) void emit.reading(reading(n));
    while (box.outbox.head().totalReadings < 28) await trueClock.sleep(5);
    void emit.reading(reading(28));
    expect(await box.end()).toBe(true);
    const { readings, headers } = await box.contents();
    expect(readings).toEqual(Array.from({ length: 29 }, (_, n) => reading(n)));
    expect(headers.map((header) => header.seq)).toEqual(headers.map((_, i) => i));
    expect(box.kept()).toBeGreaterThan(2);
  });

  it('remembers the bookmark with the batch', async () => {
    const box = await setUp(createMemoryDisk());
    const emit = box.recorder.emitFor(source({ name: 'replay' }), box.signal);
    for (let n = 0; n < 10; n += 1) void emit.reading(reading(n), { row: n + 1 });
    await box.recorder.settleDown(box.signal);
    expect(box.outbox.head().bookmarks).toEqual({ replay: { row: 10 } });
    await box.end();
  });

  it('goes through a full card and loses nothing that still fits in memory', async () => {
    const disk = createMemoryDisk();
    const box = await setUp(disk);
    const emit = box.recorder.emitFor(source(), box.signal);
    disk.beforeEach = (operation) => {
      if (operation === 'write' || operation === 'open') throw diskError('ENOSPC');
    };
    for (let n = 0; n < 100; n += 1) void emit.reading(reading(n));
    while (!box.events.some((event) => event.kind === 'disk')) await trueClock.sleep(5);
    expect(box.recorder.state()).toMatchObject({ disk: 'disk_full' });
    disk.beforeEach = () => undefined;
    await box.recorder.settleDown(box.signal);
    expect((await box.contents()).readings).toEqual(Array.from({ length: 100 }, (_, n) => reading(n)));
    expect(box.events.flatMap((event) => (event.kind === 'disk' ? [event.state] : []))).toEqual(['disk_full', 'ok']);
    await box.end();
  });

  it('on a card that stays read-only drops the oldest of a live source, and says how many', async () => {
    const disk = createMemoryDisk();
    const box = await setUp(disk, { maxReadings: 500 });
    const emit = box.recorder.emitFor(source(), box.signal);
    disk.beforeEach = (operation) => {
      if (operation === 'write' || operation === 'open') throw diskError('EROFS');
    };
    for (let n = 0; n < 25_000; n += 1) void emit.reading(reading(n));
    while (!box.events.some((event) => event.kind === 'disk')) await trueClock.sleep(5);
    expect(box.recorder.state().queuedReadings).toBeLessThanOrEqual(20_000);
    disk.beforeEach = () => undefined;
    await box.recorder.settleDown(box.signal);
    expect(await box.end()).toBe(true);
    const { readings, facts } = await box.contents();
    const said = facts.reduce((sum, fact) => sum + (fact.kind === 'dropped' ? fact.readings : 0), 0);
    expect(readings.length + said).toBe(25_000);
    expect(said).toBeGreaterThan(0);
    expect(readings.at(-1)).toEqual(reading(24_999));
  });

  it('makes a source that waits stand still instead', async () => {
    const disk = createMemoryDisk();
    const box = await setUp(disk, { maxReadings: 500 });
    const emit = box.recorder.emitFor(source({ waits: true }), box.signal);
    disk.beforeEach = (operation) => {
      if (operation === 'write' || operation === 'open') throw diskError('ENOSPC');
    };
    let emitted = 0;
    const all = (async () => {
      for (; emitted < 12_000; emitted += 1) await emit.reading(reading(emitted));
    })();
    while (!box.events.some((event) => event.kind === 'disk')) await trueClock.sleep(5);
    await trueClock.sleep(30);
    expect(emitted).toBeLessThan(6_000);
    disk.beforeEach = () => undefined;
    await all;
    await box.recorder.settleDown(box.signal);
    expect((await box.contents()).readings).toHaveLength(12_000);
    expect(box.events.some((event) => event.kind === 'dropped')).toBe(false);
    await box.end();
  });

  it('lets a waiting source go when it is told to stop', async () => {
    const disk = createMemoryDisk();
    const box = await setUp(disk, { maxReadings: 500 });
    const stop = new AbortController();
    const emit = box.recorder.emitFor(source({ waits: true }), stop.signal);
    disk.beforeEach = (operation) => {
      if (operation === 'write' || operation === 'open') throw diskError('ENOSPC');
    };
    let n = 0;
    let held: void | Promise<void>;
    do held = emit.reading(reading(n++));
    while (!held);
    stop.abort();
    await held;
    expect(await box.end()).toBe(false);
  });

  it('says in the next batch what a full outbox had to give up', async () => {
    const box = await setUp(createMemoryDisk(), { maxReadings: 50, limitBytes: 20_000 });
    const emit = box.recorder.emitFor(source(), box.signal);
    for (let n = 0; n < 40_000; n += 1) {
      void emit.reading({
        at: 1_700_000_000_000 + n * 7919,
        values: { rpm: (n * 7919) % 8000, lat: (n % 90) + 0.1234567, lon: (n % 170) + 0.7654321 },
      });
      if (n % 500 === 0) await box.recorder.settleDown(box.signal);
    }
    await box.recorder.settleDown(box.signal);
    await box.end();
    const given = box.events.reduce((sum, event) => sum + (event.kind === 'dropped' ? event.readings : 0), 0);
    expect(given).toBeGreaterThan(0);
    expect(box.outbox.waiting().readings + given).toBe(40_000);
    const { facts } = await box.contents();
    expect(facts.some((fact) => fact.kind === 'dropped' && fact.reason === 'outbox_full')).toBe(true);
  });

  it('closes the batch when the clock is set, and tells the new beginning', async () => {
    let setByMs = 0;
    const clock: Clock = { ...trueClock, now: () => Date.now() + setByMs };
    const box = await setUp(createMemoryDisk(), { clock, maxAgeMs: 60_000 });
    const emit = box.recorder.emitFor(source(), box.signal);
    void emit.reading(reading(1));
    setByMs = 3_600_000;
    void emit.reading(reading(2));
    await box.recorder.settleDown(box.signal);
    const { headers } = await box.contents();
    expect(headers).toHaveLength(2);
    expect(Math.abs((headers[1]?.bootAt ?? 0) - (headers[0]?.bootAt ?? 0) - 3_600_000)).toBeLessThan(100);
    await box.end();
  });

  it('does not let an urgent fact wait for the age of a batch', async () => {
    const box = await setUp(createMemoryDisk(), { maxAgeMs: 3_600_000 });
    const emit = box.recorder.emitFor(source({ waits: true }), box.signal);
    await emit.reading(reading(1));
    await emit.fact({ kind: 'crash', at: 1_700_000_000_002, peakG: 7 }, { at: 2 });
    while (box.outbox.head().nextSeq < 1) await trueClock.sleep(5);
    expect(await box.contents()).toMatchObject({ readings: [reading(1)], facts: [{ kind: 'crash', peakG: 7 }] });
    expect(box.outbox.head().bookmarks).toEqual({ test: { at: 2 } });
    await box.end();
  });
});
