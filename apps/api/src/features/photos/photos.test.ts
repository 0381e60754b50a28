import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildTestApi, type TestApi, type TestVehicle } from '../../testing/build-test-api.ts';

const DAY = Date.UTC(2026, 10, 20);
const jpeg = (text: string) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(text.repeat(1000))]);
let api: TestApi;
let car: TestVehicle;
const as: Record<string, { authorization: string }> = {};

beforeAll(async () => {
  api = await buildTestApi();
  for (const [name, role, organisation] of [
    ['claims', 'claims_handler', 'Insurer A'],
    ['auditor', 'auditor', 'Insurer A'],
    ['stranger', 'administrator', 'Insurer B'],
  ] as const) {
    await api.addPerson({ email: `${name}@demo.example`, role, organisation });
    as[name] = await api.signIn(`${name}@demo.example`);
  }
});
beforeEach(async () => {
  car = await api.addVehicle({ label: randomUUID().slice(0, 8) });
});
afterAll(async () => {
  await api?.close();
});

/** Announces a photo; its bytes come only with `store`. */
async function announce(bytes: Buffer, at: number, store = true): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (store) await api.blobs.put(sha256, bytes, 'text/html');
  await api.db.pool.query(
    `INSERT INTO vehicle_facts (box_id, boot, seq, fact_index, vehicle_id, position, at_ms, kind, fact)
     VALUES ($1, 1, 1, 0, $2, 1, $3, 'photo', $4)`,
    [randomUUID(), car.id, at, { kind: 'photo', at, sha256, bytes: bytes.length }],
  );
  return sha256;
}
const ask = (headers?: Record<string, string>) =>
  api.app.inject({ method: 'GET', url: `/v1/vehicles/${car.id}/photo/latest`, ...(headers && { headers }) });

describe('newest photo', () => {
  it('is for those who may, and looks absent to the others', async () => {
    const absent = await ask(as.claims);
    expect(absent.statusCode).toBe(404);
    await announce(jpeg('one'), DAY);
    expect((await ask()).statusCode).toBe(401);
    expect((await ask(as.auditor)).statusCode).toBe(403);
    const stranger = await ask(as.stranger);
    expect([stranger.statusCode, stranger.json().message]).toEqual([404, absent.json().message]);
    expect((await ask(as.claims)).statusCode).toBe(200);
  });

  it('is the newest that has come, as the picture that its bytes say it is', async () => {
    await announce(jpeg('newest, not here yet'), DAY + 3000, false);
    const sha256 = await announce(jpeg('newer'), DAY + 2000);
    await announce(jpeg('older'), DAY + 1000);
    const reply = await ask(as.claims);
    expect(reply.rawPayload.equals(jpeg('newer'))).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(jpeg('newer').length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-cache',
      'last-modified': 'Fri, 20 Nov 2026 00:00:02 GMT',
      etag: `"${sha256}"`,
    });
    const again = await ask({ ...as.claims, 'if-none-match': `"${sha256}"` });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await ask({ ...as.stranger, 'if-none-match': `"${sha256}"` })).statusCode).toBe(404);
  });

  it.each(['<html><script>alert(1)</script>', '', 'GIF89a', 'RIFFxxxxWAVE'])(
    'is never shown as a picture or page when it is %j',
    async (text) => {
      await announce(Buffer.from(text), DAY);
      const reply = await ask(as.claims);
      expect(reply.headers['content-type']).toBe('application/octet-stream');
      expect(reply.headers['content-disposition']).toContain('attachment');
      expect(reply.body).toBe(text);
    },
  );

  it('may be PNG or WebP', async () => {
    await announce(Buffer.from('\x89PNG\r\n\x1a\n....', 'latin1'), DAY);
    expect((await ask(as.claims)).headers['content-type']).toBe('image/png');
    await announce(Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), DAY + 1);
    expect((await ask(as.claims)).headers['content-type']).toBe('image/webp');
  });
});
