import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { encodeBatch, frameBatches } from '@temoin/shared/codec';
import { BATCH_LIMITS, type Batch, NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeCompressor } from '../../projections/compressor.ts';
import { understand } from '../../projections/understand.ts';
import { readAll } from '../../stores/log/batch-log.contract.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts';
import { makeBox, openDoors, someReadings } from '../../testing/upload-doors.ts';
import { LARGEST_JUMP } from './sequence-guard.ts';

let database: TestDatabase;
let doors: Awaited<ReturnType<typeof openDoors>>;
const [box, other, third] = [makeBox(), makeBox(), makeBox()];
let seq = 0;
const sealGood = () => box.seal({ seq: ++seq, readings: someReadings(5) });

beforeAll(async () => {
  database = await createTestDatabase();
  doors = await openDoors(database, [box, other, third]);
});
afterAll(async () => {
  await doors.close();
  await database.drop();
});

const storedOf = async (boxId: string) => (await readAll(doors.log)).filter((entry) => entry.boxId === boxId);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('good uploads', () => {
  test('binary: stored to the byte, acknowledged with the hash, commands and the clock in the answer', async () => {
    const batches = [sealGood(), sealGood()];
    const { status, body } = await doors.sendBinary(box, ...batches);
    expect(status).toBe(200);
    expect(body.acks).toEqual(
      batches.map((b, i) => ({ boot: 1, seq: seq - 1 + i, outcome: 'stored', hash: sha256(b) })),
    );
    expect(body.commands).toHaveLength(1);
    expect(Math.abs(body.serverTime - Date.now())).toBeLessThan(60_000);
    const entries = (await storedOf(box.boxId)).slice(-2);
    for (const [i, entry] of entries.entries()) expect(Buffer.compare(entry.body, batches[i]!)).toBe(0);
  });

  test('replayed: the same again is a duplicate, whatever the order and grouping, and nothing is added', async () => {
    const batches = [sealGood(), sealGood(), sealGood()];
    await doors.sendBinary(box, ...batches);
    const before = await doors.log.head();
    const again = await doors.sendBinary(box, batches[2]!, batches[0]!);
    expect(again.body.acks.map((a: { outcome: string }) => a.outcome)).toEqual(['duplicate', 'duplicate']);
    expect(again.body.acks[0].hash).toBe(sha256(batches[2]!));
    expect(await doors.log.read(before, 10)).toEqual([]);
  });

  test('reordered: later numbers first are stored all the same', async () => {
    const batches = [9005, 9001, 9003].map((n) => box.seal({ seq: n, readings: someReadings(2) }));
    const { body } = await doors.sendBinary(box, ...batches);
    expect(body.acks.map((a: { outcome: string }) => a.outcome)).toEqual(['stored', 'stored', 'stored']);
    seq = 9005;
  });

  test('JSON: kept to the byte as it stood in the upload', async () => {
    const text = `{ "boot":2, "seq" : ${++seq}, "clockTrust":"ntp","readings":[ {"at":${Date.now()},"values":{"rpm":900}} ] }`;
    const { status, body } = await doors.sendJson(box, `{"batches":[ ${text} ]}`);
    expect(status).toBe(200);
    expect(body.acks).toEqual([{ boot: 2, seq, outcome: 'stored', hash: sha256(Buffer.from(text)) }]);
    const entry = (await storedOf(box.boxId)).at(-1)!;
    expect(entry.body.toString()).toBe(text);
    expect(understand(entry).readings).toEqual([{ at: expect.any(Number), values: { rpm: 900 } }]);
  });

  test('old format: the same upload is the same batch, pictures are kept and become facts', async () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
    const upload = {
      localtime: Date.now(),
      records: [
        {
          time: Date.now() - 5000,
          data: {
            sensors: [
              { sensor: 'obd2', rpm: 1200, speed: 33 },
              { sensor: 'arduino', millis: 12 },
            ],
          },
        },
        { time: 'never', data: {} },
      ],
      pictures: [
        { car_id: 'x', time: Date.now() - 4000, data: jpeg.toString('base64') },
        { car_id: 'x', time: Date.now() - 4000, data: Buffer.from('<svg onload=alert(1)>').toString('base64') },
      ],
    };
    for (const outcome of ['stored', 'duplicate']) {
      const { status, body } = await doors.sendLegacy(third, upload);
      expect([status, body.acks.length, body.acks[0].outcome]).toEqual([200, 1, outcome]);
      if (outcome === 'stored') expect(body.acks[0].refusals).toEqual({ row_unreadable: 1, photo_invalid: 1 });
    }
    const [entry, ...rest] = await storedOf(third.boxId);
    expect(rest).toEqual([]);
    expect(entry).toMatchObject({ boot: 0, form: 'legacy' });
    expect(understand(entry!).readings).toEqual([{ at: expect.any(Number), values: { rpm: 1200, obdSpeedKmh: 33 } }]);
    expect(understand(entry!).facts).toEqual([
      { kind: 'photo', at: expect.any(Number), sha256: sha256(jpeg), bytes: 7 },
    ]);
    expect([...doors.pictures.keys()]).toEqual([sha256(jpeg)]);
  });
});

describe('a bad batch gets its code, is counted, and harms nobody beside it', () => {
  const flip = (bytes: Uint8Array, at: number) => Uint8Array.from(bytes, (b, i) => (i === at ? b ^ 0x10 : b));
  const cases: [string, string, () => Uint8Array][] = [
    ['truncated', 'batch_truncated', () => sealGood().subarray(0, 40)],
    ['one bit flipped in the contents', 'batch_corrupt', () => flip(sealGood(), 90)],
    [
      'one bit flipped in the signature',
      'signature_invalid',
      () => {
        const b = sealGood();
        return flip(b, b.length - 3);
      },
    ],
    ['oversized', 'batch_too_large', () => new Uint8Array(BATCH_LIMITS.bytes + 1)],
    [
      'signed by another box',
      'signature_invalid',
      () => other.seal({ boxId: box.boxId, seq: ++seq, readings: someReadings(1) }),
    ],
    ["another box's own", 'batch_foreign_box', () => other.seal({ seq: 1, readings: someReadings(1) })],
    [
      'of a future version',
      'batch_version_unknown',
      () => {
        const b = Uint8Array.from(sealGood());
        b[2] = 99;
        return b;
      },
    ],
    ['no batch at all', 'batch_malformed', () => Buffer.from('hello, this is not a batch, is it?')],
    ['empty', 'batch_empty', () => box.seal({ seq: ++seq })],
    [
      'a number 2^40 ahead',
      'sequence_invalid',
      () => box.seal({ seq: seq + LARGEST_JUMP + 10, readings: someReadings(1) }),
    ],
    ['a zip bomb', 'batch_too_large', bomb],
  ];
  /** A batch whose columns inflate to a thousand times their size. */
  function bomb(): Uint8Array {
    const noise = Array.from({ length: 4000 }, (_, i) => ({
      at: 1_700_000_000_000 + i * 977,
      values: {
        rpm: (i * 7919) % 16_000,
        lat: ((i * 104_729) % 90_000) / 1000,
        lon: ((i * 15_485_863) % 90_000) / 1000,
      },
    }));
    const bytes = deflateRawSync(Buffer.alloc(4 * 1024 * 1024));
    const batch: Batch = {
      boxId: box.boxId,
      boot: 1,
      seq: ++seq,
      bootAt: 0,
      clockTrust: 'gps',
      origin: 'measured',
      previousHash: NO_PREVIOUS_HASH,
      readings: noise,
      facts: [],
    };
    return box.sign(encodeBatch(batch, { ...nodeCompressor, deflate: () => bytes }));
  }

  test.each(cases)('%s: %s', async (_, code, make) => {
    const labels = { code };
    const before = await doors.counted('temoin_ingest_batches_refused_total', labels);
    const bad = make();
    const [first, last] = [sealGood(), sealGood()];
    const { status, body } = await doors.sendBinary(box, first, bad, last);
    expect(status).toBe(200);
    expect(body.acks.map((a: { outcome: string; code?: string }) => a.code ?? a.outcome)).toEqual([
      'stored',
      code,
      'stored',
    ]);
    expect(body.acks[1].hash).toBeUndefined();
    expect(await doors.counted('temoin_ingest_batches_refused_total', labels)).toBe(before + 1);
    expect((await storedOf(box.boxId)).some((entry) => Buffer.compare(entry.body, bad) === 0)).toBe(false);
  });

  test('a frame that is cut short at the end of the upload', async () => {
    const whole = frameBatches([sealGood(), sealGood()]);
    const { body } = await doors.sendBytes(box, whole.subarray(0, whole.length - 20));
    expect(body.acks.map((a: { outcome: string; code?: string }) => a.code ?? a.outcome)).toEqual([
      'stored',
      'batch_truncated',
    ]);
    const lying = Buffer.from(whole);
    lying.writeUInt32LE(0xffff_ffff, 0);
    expect((await doors.sendBytes(box, lying)).body.acks).toMatchObject([
      { outcome: 'refused', code: 'batch_truncated' },
    ]);
  });

  test('the same number with other contents: sequence_conflict, the first is kept', async () => {
    const [kept, changed] = [5, 6].map((n) => box.seal({ seq: seq + 1, readings: someReadings(n) })) as [
      Uint8Array,
      Uint8Array,
    ];
    seq += 1;
    await doors.sendBinary(box, kept);
    const { body } = await doors.sendBinary(box, changed);
    expect(body.acks).toMatchObject([{ seq, outcome: 'refused', code: 'sequence_conflict' }]);
    expect(await doors.log.conflicts(5)).toMatchObject([
      { boxId: box.boxId, seq, keptHash: sha256(kept), refusedHash: sha256(changed) },
    ]);
  });
});

describe('bad readings are counted by their reasons and the good ones around them kept', () => {
  const now = Date.now();
  const good = { at: now - 1000, values: { rpm: 900 } };
  test.each([
    ['1970', { readings: [{ ...good, at: 5000 }] }, { time_out_of_range: 1 }],
    ['2099', { readings: [{ ...good, at: Date.UTC(2099, 0) }] }, { time_in_future: 1 }],
    ['1e308', { readings: [{ ...good, at: 1e308 }] }, { time_out_of_range: 1 }],
    ['local time as text', { readings: [{ ...good, at: '2026-01-01 12:00' }] }, { time_out_of_range: 1 }],
    [
      'latitude 91',
      { readings: [{ at: now, values: { lat: 91, lon: 7, rpm: 1 } }] },
      { value_out_of_range: 1, position_implausible: 1 },
    ],
    [
      'null island',
      { readings: [{ at: now, values: { lat: 0, lon: 0 } }] },
      { position_implausible: 1, reading_empty: undefined },
    ],
    [
      'speed −1 and 1e9, fuel 300 %',
      { readings: [{ at: now, values: { obdSpeedKmh: -1, gpsSpeedKmh: 1e9, fuelLevelPct: 300, rpm: 7 } }] },
      { value_out_of_range: 3 },
    ],
    [
      'numbers as text, null, and beyond a double',
      { readings: [{ at: now, values: { rpm: '900', lat: null, obdSpeedKmh: 'INF', fuelLevelPct: 1 } }] },
      { value_not_a_number: 3 },
    ],
    [
      'names that nobody knows',
      { readings: [{ at: now, values: { "a,b=c d=1\n';--{{7*7}}": 1, rpm: 1 } }] },
      { metric_unknown: 1 },
    ],
    ['rows of no shape', { readings: [7, null, { at: now }, { at: now, values: [1] }] }, { row_unreadable: 4 }],
    [
      'facts of no shape',
      {
        facts: [
          { kind: 'crash', at: now, peakG: -5 },
          { kind: 'dropped', at: now, reason: '\u0000', readings: 1 },
          { kind: 'dropped', at: now, reason: '\ud800', readings: 1 },
        ],
      },
      { row_unreadable: 3 },
    ],
    ['a crash tomorrow', { facts: [{ kind: 'crash', at: now + 86_400_000, peakG: 5 }] }, { time_in_future: 1 }],
  ])('%s', async (_, bad, expected) => {
    const batch = {
      boot: 3,
      seq: ++seq,
      clockTrust: 'gps',
      readings: [good, ...('readings' in bad ? bad.readings : []), good],
      ...('facts' in bad && { facts: bad.facts }),
    };
    const text = JSON.stringify({ batches: [batch] }).replace('"INF"', '1e999');
    const { body } = await doors.sendJson(box, text);
    const { reading_empty: _ignored, ...refusals } = body.acks[0].refusals;
    const { reading_empty: _alsoIgnored, ...wanted } = expected as Record<string, number>;
    expect([body.acks[0].outcome, refusals]).toEqual(['stored', wanted]);
    const understood = understand((await storedOf(box.boxId)).at(-1)!);
    expect(understood.readings.filter((r) => r.at === good.at)).toEqual([good, good]);
    expect(understood.readings.length + understood.refusedReadings).toBe(batch.readings.length);
    expect(understood.indexes.at(-1)).toBe(batch.readings.length - 1);
  });

  test('a clock that was never set: all refused with the reason, the batch itself kept', async () => {
    const { body } = await doors.sendBinary(
      box,
      box.seal({ seq: ++seq, clockTrust: 'none', readings: someReadings(4) }),
    );
    expect(body.acks).toMatchObject([{ outcome: 'stored', refusals: { clock_unknown: 4 } }]);
  });

  test('binary: out of range and future-dated', async () => {
    const readings = [...someReadings(2), { at: Date.now() + 3_600_000, values: { rpm: 1 } }];
    const { body } = await doors.sendBinary(box, box.seal({ seq: ++seq, readings }));
    expect(body.acks).toMatchObject([{ outcome: 'stored', refusals: { time_in_future: 1 } }]);
    expect(understand((await storedOf(box.boxId)).at(-1)!).readings).toHaveLength(2);
  });
});

describe('JSON that is refused as a whole', () => {
  const batch = (more: string) => `{"batches":[{"boot":1,"seq":1,"clockTrust":"gps",${more}}]}`;
  test.each([
    ['no JSON', '{"batches":[', 'bad_request'],
    ['a key twice', batch('"readings":[{"at":1,"at":2,"values":{}}]'), 'bad_request'],
    ['a key twice, once escaped', batch('"readings":[{"at":1,"\\u0061t":2,"values":{}}]'), 'bad_request'],
    ['__proto__', batch('"readings":[{"at":1,"values":{"__proto__":{"rpm":1}}}]'), 'bad_request'],
    ['constructor', batch('"constructor":1'), 'bad_request'],
    ['depth 100,000', `{"batches":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'bad_request'],
    [
      '10^5 names in one reading',
      batch(`"readings":[{"at":1,"values":{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}}]`),
      'bad_request',
    ],
    ['NaN', batch('"readings":[{"at":NaN,"values":{}}]'), 'bad_request'],
    ['a byte order mark', `\ufeff{"batches":[]}`, 'bad_request'],
    ['no batches', '{"batches":[]}', 'bad_request'],
    ['batches that are none', '{"batches":[1,"x",null]}', 'bad_request'],
    ['too many batches', `{"batches":[${Array(257).fill('{}').join()}]}`, 'batch_too_large'],
  ])('%s', async (_, text, code) => {
    const before = await doors.log.head();
    expect((await doors.sendJson(box, text)).body.code).toBe(code);
    expect(await doors.log.head()).toBe(before);
    expect(({} as { rpm?: number }).rpm).toBeUndefined();
  });
  test('invalid UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"batches":["'), Buffer.from([0xc3, 0x28]), Buffer.from('"]}')]);
    expect((await doors.sendJson(box, bytes)).body.code).toBe('bad_request');
  });
  test.each([
    ['seq negative', '{"boot":1,"seq":-1,"clockTrust":"gps","readings":[]}', 'sequence_invalid'],
    ['seq beyond 2^53', '{"boot":1,"seq":9007199254740993,"clockTrust":"gps","readings":[]}', 'sequence_invalid'],
    ['seq as text', '{"boot":1,"seq":"1","clockTrust":"gps","readings":[]}', 'batch_malformed'],
    ['boot of 33 bits', '{"boot":4294967296,"seq":1,"clockTrust":"gps","readings":[]}', 'batch_malformed'],
    [
      'clock trust unknown',
      '{"boot":1,"seq":1,"clockTrust":"sundial","readings":[{"at":1,"values":{}}]}',
      'batch_malformed',
    ],
    [
      '5,001 readings',
      `{"boot":1,"seq":1,"clockTrust":"gps","readings":[${Array(5001).fill('{"at":1,"values":{}}').join()}]}`,
      'batch_too_large',
    ],
    ['nothing in it', '{"boot":1,"seq":1,"clockTrust":"gps","readings":[]}', 'batch_empty'],
  ])('one batch of several, %s', async (_, bad, code) => {
    const good = () =>
      `{"boot":4,"seq":${++seq},"clockTrust":"gps","readings":[{"at":${Date.now()},"values":{"rpm":1}}]}`;
    const { body } = await doors.sendJson(box, `{"batches":[${good()},${bad},${good()}]}`);
    expect(body.acks.map((a: { outcome: string; code?: string }) => a.code ?? a.outcome)).toEqual([
      'stored',
      code,
      'stored',
    ]);
  });
});

describe('requests that do not get in', () => {
  test('no token, another content type, an encoding, too much, nothing', async () => {
    const stranger = makeBox();
    expect(await doors.sendBinary(stranger, stranger.seal({ seq: 1, readings: someReadings(1) }))).toMatchObject({
      status: 401,
      body: { code: 'box_token_invalid' },
    });
    expect(await doors.sendLegacy(stranger, {})).toMatchObject({ status: 401, body: { code: 'legacy_key_invalid' } });
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml'])
      expect(await doors.post('/v1/batches', box, type, 'x')).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      });
    expect(
      await doors.post('/v1/batches', box, 'application/json', '{}', { 'content-encoding': 'gzip' }),
    ).toMatchObject({ status: 415 });
    expect(await doors.sendBytes(box, Buffer.alloc(BATCH_LIMITS.uploadBytes + 1))).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
    expect(await doors.sendBytes(box, Buffer.alloc(0))).toMatchObject({ status: 400 });
    expect(await doors.sendLegacy(third, { records: 'no list' })).toMatchObject({
      status: 200,
      body: { acks: [{ outcome: 'refused', code: 'batch_malformed' }] },
    });
  });
});

test('mutated and random uploads: an answer with a code each time, never an error of ours', async () => {
  let random = 42;
  const next = (below: number) => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((random / 2 ** 32) * below);
  };
  const base = Buffer.from(frameBatches([sealGood(), sealGood()]));
  for (let round = 0; round < 300; round += 1) {
    const bytes = Buffer.from(round % 3 === 0 ? Array.from({ length: next(300) + 1 }, () => next(256)) : base);
    for (let i = next(4); i >= 0; i -= 1) bytes[next(bytes.length)] = next(256);
    const reply = await doors.sendBytes(box, bytes.subarray(0, 1 + next(bytes.length)));
    expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(500);
    for (const ack of reply.body.acks ?? []) expect(ack.outcome === 'refused' ? ack.code : ack.hash).toBeTruthy();
  }
});
