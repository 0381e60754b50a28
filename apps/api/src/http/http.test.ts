import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ErrorBody, ErrorCode } from '@temoin/shared/errors';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { buildTestApi, OWN_PAGE, type TestApi } from '../testing/build-test-api.ts';
import { AppError } from './app-error.ts';
import { addressKey, buildApp } from './build-app.ts';
import { inlineScriptHashes } from './content-security-policy.ts';
import { STATUS } from './error-reply.ts';
import { registerHealth } from './health.ts';
import { createMetrics } from './metrics.ts';

let api: TestApi;
let web: string;

beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), 'temoin-web-'));
  await mkdir(join(web, '_next/static'), { recursive: true });
  await mkdir(join(web, 'vehicle'), { recursive: true });
  await mkdir(join(web, 'basemap'), { recursive: true });
  await writeFile(join(web, 'index.html'), '<html><script>start()</script><script src="/x.js"></script>home</html>');
  await writeFile(join(web, 'index.html.gz'), gzipSync('<html>home, compressed</html>'));
  await writeFile(join(web, 'vehicle.html'), '<html><script>other()</script>vehicle</html>');
  await writeFile(join(web, 'vehicle/page.txt'), 'part of the page');
  await writeFile(join(web, '404.html'), '<html>nothing here</html>');
  await writeFile(join(web, 'sw.js'), 'self.x = 1');
  await writeFile(join(web, '_next/static/app-1a2b.js'), '1'.repeat(5_000));
  await writeFile(join(web, 'basemap/world.pmtiles'), Buffer.from(Array.from({ length: 9_000 }, (_, i) => i % 256)));
  await writeFile(join(web, '..secret'), 'x');
  api = await buildTestApi({
    env: {
      TEMOIN_WEB: web,
      TEMOIN_TILE_URL: 'https://{s}.tiles.example/{z}/{x}/{y}.png',
      TEMOIN_TRUST_PROXY: '127.0.0.1',
    },
    register: ({ app }) => {
      app.post(
        '/v1/echo',
        { schema: { body: z.object({ a: z.object({ b: z.array(z.number()) }) }) } },
        async (request) => request.body,
      );
      app.get('/v1/boom', async () => {
        throw new Error('password=hunter2');
      });
      app.get(
        '/v1/lies',
        { schema: { response: { 200: z.object({ n: z.number() }) } } },
        async () => ({ n: 'x' }) as never,
      );
      app.get('/v1/code/:code', async (request) => {
        throw new AppError((request.params as { code: ErrorCode }).code, 'words', { retryAfterS: 7 });
      });
      app.get('/v1/away', async () => {
        throw Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
      });
    },
  });
});
afterAll(async () => {
  await api.close();
  await rm(web, { recursive: true, force: true });
});

describe('errors', () => {
  test('every code has a status, and every answer has the shape of an error', async () => {
    for (const code of ErrorCode.options) {
      const reply = await api.app.inject(`/v1/code/${code}`);
      expect(reply.statusCode).toBe(STATUS[code]);
      expect(ErrorBody.parse(reply.json())).toMatchObject({
        code,
        retryAfterS: 7,
        requestId: reply.headers['x-request-id'],
      });
    }
  });

  test('what we did not expect is not told', async () => {
    for (const url of ['/v1/boom', '/v1/lies']) {
      const reply = await api.app.inject(url);
      expect(reply.statusCode).toBe(500);
      expect(reply.json().code).toBe('internal_error');
      expect(reply.body).not.toMatch(/hunter2|stack|at |expected/i);
    }
  });

  test('a database that is away is a passing trouble', async () => {
    const reply = await api.app.inject('/v1/away');
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ code: 'store_unavailable', retryAfterS: 5 });
    expect(reply.body).not.toContain('127.0.0.1');
  });

  test('a wrong body says where', async () => {
    const reply = await api.app.inject({ method: 'POST', url: '/v1/echo', payload: { a: { b: [1, 'x'] } } });
    expect(reply.json()).toMatchObject({ code: 'bad_request', field: 'a.b.1' });
  });

  test.each([
    ['no JSON', 'application/json', '{"a":', 400, 'bad_request'],
    ['nothing at all', 'application/json', '', 400, 'bad_request'],
    ['another type', 'text/plain', 'x', 415, 'unsupported_media_type'],
    ['a form of many parts', 'multipart/form-data; boundary=x', '--x--', 415, 'unsupported_media_type'],
    ['too much', 'application/json', `{"a":"${'x'.repeat(300_000)}"}`, 413, 'payload_too_large'],
    ['a prototype', 'application/json', '{"__proto__":{"x":1},"a":{"b":[]}}', 400, 'bad_request'],
    ['depth', 'application/json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'bad_request'],
  ])('refuses %s', async (_what, type, payload, status, code) => {
    const reply = await api.app.inject({ method: 'POST', url: '/v1/echo', headers: { 'content-type': type }, payload });
    expect([reply.statusCode, reply.json().code]).toEqual([status, code]);
  });

  test('a compressed body is not inflated', async () => {
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    const reply = await api.app.inject({
      method: 'POST',
      url: '/v1/echo',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      payload: bomb,
    });
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    expect(reply.statusCode).toBeLessThan(500);
  });

  test('an address of the API that is none', async () => {
    for (const url of ['/v1/none', '/v1/vehicles/x/none', '/.env', '/actuator', '/v1']) {
      const reply = await api.app.inject(url);
      expect([url, reply.statusCode, reply.json().code]).toEqual([url, 404, 'not_found']);
    }
  });
});

describe('limits', () => {
  test('one address is heard so often in a minute, and then asked to wait', async () => {
    const ask = () => api.app.inject({ url: '/v1/settings', headers: { 'x-forwarded-for': '192.0.2.1' } });
    let reply = await ask();
    for (let i = 0; i < 3_000; i += 1) reply = await ask();
    expect(reply.statusCode).toBe(429);
    expect(reply.json().code).toBe('too_many_requests');
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(
      (await api.app.inject({ url: '/v1/settings', headers: { 'x-forwarded-for': '192.0.2.2' } })).statusCode,
    ).toBe(200);
  });

  test('an IPv6 /64 is one address, an IPv4 one is itself', () => {
    expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('2001:DB8:1:2::1'));
    expect(addressKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(addressKey('2001:db8:1:2::1')).not.toBe(addressKey('2001:db8:1:3::1'));
    expect(addressKey('::1')).toBe('0:0:0:0::/64');
    expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(addressKey('fe80::1%eth0')).toBe(addressKey('fe80::2'));
  });

  test.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
    ['length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['chunks twice over', 'Transfer-Encoding: chunked, identity\r\n'],
    ['a negative length', 'Content-Length: -1\r\n'],
    ['a folded header', 'X-A: 1\r\n folded\r\nContent-Length: 0\r\n'],
    ['huge headers', `X-A: ${'x'.repeat(20_000)}\r\n`],
  ])('a request that could be read in two ways is not read: %s (22)', async (_what, headers) => {
    const address = api.app.server.listening ? undefined : await api.app.listen({ port: 0, host: '127.0.0.1' });
    void address;
    const { port } = api.app.server.address() as { port: number };
    const answer = await new Promise<string>((done, fail) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n0\r\n\r\n`),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
        socket.end();
      });
      socket.on('close', () => done(text));
      socket.on('error', fail);
      socket.setTimeout(5_000, () => socket.destroy());
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toMatch(/HTTP\/1\.1 2\d\d/);
  });
});

describe('the web app', () => {
  const page = (url: string, headers = {}) => api.app.inject({ url, headers: { accept: 'text/html', ...headers } });

  test('pages have clean addresses and are asked for anew', async () => {
    for (const [url, text] of [
      ['/', 'home'],
      ['/vehicle', 'vehicle'],
      ['/vehicle?id=x&tab=now', 'vehicle'],
      ['/vehicle.html', 'vehicle'],
    ] as const) {
      const reply = await page(url);
      expect([url, reply.statusCode]).toEqual([url, 200]);
      expect(reply.body).toContain(text);
      expect(reply.headers['content-type']).toMatch(/^text\/html/);
      expect(reply.headers['cache-control']).toBe('no-cache');
    }
    const asked = await page('/', { 'accept-encoding': 'gzip, deflate, br' });
    expect(asked.statusCode).toBe(200);
    expect(gunzipSync(asked.rawPayload).toString()).toContain('home, compressed');
    expect((await page('/vehicle/page.txt')).body).toBe('part of the page');
  });

  test('each page allows its own inline scripts and no others', async () => {
    const policy = (url: string) => page(url).then((reply) => String(reply.headers['content-security-policy']));
    const hash = (script: string) => inlineScriptHashes(`<script>${script}</script>`)[0]!;
    const home = await policy('/');
    expect(home).toContain(`'${hash('start()')}'`);
    expect(home).not.toContain(hash('other()'));
    expect(await policy('/vehicle')).toContain(`'${hash('other()')}'`);
    expect(home.match(/script-src ([^;]*)/)?.[1]).not.toContain('unsafe');
    expect(home).toContain('https://*.tiles.example');
  });

  test('tile servers get a Referer, files with a hash in their name are kept, the worker is not', async () => {
    expect((await page('/')).headers['referrer-policy']).toBe('strict-origin-when-cross-origin');
    expect((await page('/_next/static/app-1a2b.js')).headers['cache-control']).toContain('immutable');
    const worker = await page('/sw.js');
    expect(worker.headers).toMatchObject({ 'cache-control': 'no-cache', 'service-worker-allowed': '/' });
  });

  test('answers are compressed when the browser can', async () => {
    expect(
      (await page('/_next/static/app-1a2b.js', { 'accept-encoding': 'gzip, br' })).headers['content-encoding'],
    ).toBe('br');
  });

  test('base maps are read by range, uncompressed', async () => {
    const encodings = { 'accept-encoding': 'gzip, br' };
    const reply = await page('/basemap/world.pmtiles', { range: 'bytes=10-5009', ...encodings });
    expect(reply.statusCode).toBe(206);
    expect(reply.headers).toMatchObject({ 'content-range': 'bytes 10-5009/9000', 'content-length': '5000' });
    expect(reply.headers['content-encoding']).toBeUndefined();
    expect(reply.rawPayload).toHaveLength(5_000);
    expect([...reply.rawPayload.subarray(0, 3)]).toEqual([10, 11, 12]);
    expect((await page('/basemap/world.pmtiles', encodings)).headers['content-encoding']).toBeUndefined();
  });

  test('what is not there has a page for people, and nothing outside the folder is there (43)', async () => {
    const reply = await page('/none');
    expect([reply.statusCode, reply.body]).toEqual([404, '<html>nothing here</html>']);
    for (const url of [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/..secret',
      '/etc/passwd%00.html',
      '//etc/passwd',
    ]) {
      const outside = await page(url);
      expect([url, outside.statusCode, outside.headers.location]).toEqual([
        url,
        expect.toSatisfy((status: number) => status >= 400 && status < 500),
        undefined,
      ]);
    }
  });

  test('when it is not built the start page says so', async () => {
    const bare = await buildTestApi();
    const reply = await bare.app.inject('/');
    expect(reply.body).toContain('npm run build');
    await bare.close();
  });
});

describe('health', () => {
  test('it lives while its stores are away, but is not ready, and says no more than that', async () => {
    const failing = { now: true };
    const app = await buildApp({
      config: api.config,
      logger: pino({ level: 'silent' }),
      metrics: createMetrics(),
      version: '0',
    });
    registerHealth(app, {
      access: api.access,
      metrics: createMetrics(),
      checks: {
        database: async () => {
          if (failing.now) throw new Error('secret detail');
        },
        log: () => (failing.now ? new Promise(() => undefined) : Promise.resolve()),
      },
    });
    expect((await app.inject('/healthz')).json()).toEqual({ ok: true });
    const reply = await app.inject('/readyz');
    expect([reply.statusCode, reply.json()]).toEqual([
      503,
      { ready: false, checks: { database: 'failing', log: 'failing' } },
    ]);
    failing.now = false;
    expect((await app.inject('/readyz')).json()).toEqual({ ready: true, checks: { database: 'ok', log: 'ok' } });
    await app.close();
  });

  test('the whole service is ready on its stores', async () => {
    const checks = { database: 'ok', series: 'ok', log: 'ok', projections: 'ok' };
    expect((await api.app.inject('/readyz')).json()).toEqual({ ready: true, checks });
  });

  test('figures are for the operator and this machine (73)', async () => {
    const ask = (headers: Record<string, string>) => api.app.inject({ url: '/metrics', headers });
    const operator = await ask({ authorization: `Bearer ${api.operatorToken}`, 'x-forwarded-for': '192.0.2.9' });
    expect(operator.body).toContain('temoin_http_request_seconds');
    expect(operator.body).toContain('process_cpu_seconds_total');
    expect((await ask({ host: 'localhost:8480' })).statusCode).toBe(200);
    for (const headers of [
      { 'x-forwarded-for': '192.0.2.9' },
      { host: 'fleet.example' },
      { host: 'localhost', 'x-forwarded-for': '127.0.0.1' },
      { host: 'localhost', via: '1.1 proxy' },
      { host: 'localhost.evil.example' },
      { authorization: 'Bearer wrong', host: 'fleet.example' },
    ] as Record<string, string>[]) {
      expect([headers, (await ask(headers)).statusCode]).toEqual([headers, 404]);
    }
  });
});

test('settings say how to draw a map and, without the demonstration, no account', async () => {
  expect((await api.app.inject('/v1/settings')).json()).toEqual({
    ...{ version: '0.0.0-test', demo: false, tileAttribution: '© OpenStreetMap contributors' },
    tileUrl: 'https://{s}.tiles.example/{z}/{x}/{y}.png',
  });
  expect(
    (
      await api.app.inject({
        method: 'POST',
        url: '/v1/session',
        headers: OWN_PAGE,
        payload: { email: 'camille@demo.example', password: 'temoin-demo-67' },
      })
    ).statusCode,
  ).toBe(401);
});
