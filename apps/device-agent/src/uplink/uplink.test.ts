import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentEvent } from '../events.ts';
import { type Outbox, openOutbox } from '../outbox/outbox.ts';
import { trueClock } from '../sensors/clock.ts';
import { createMemoryDisk, type MemoryDisk } from '../testing/memory-disk.ts';
import { sealNext, TEST_BOX_ID, TEST_KEY } from '../testing/sealed-batches.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { isChained, startTestSite, type TestSite } from '../testing/test-site.ts';
import { createRefusedFolder } from './refused-folder.ts';
import { createSiteClient, type SiteClientOptions } from './site-client.ts';
import { createUplink } from './uplink.ts';

const folder = temporaryFolder('uplink');
/** Waits are real but short: what is tested is what happens, not when. */
const hastyClock = {
  ...trueClock,
  sleep: (ms: number, signal?: AbortSignal) => trueClock.sleep(Math.min(ms, 5), signal),
};
const closing: (() => Promise<unknown>)[] = [];
let runs = 0;

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function site(of?: TestSite): Promise<TestSite> {
  const started = await startTestSite(of ? { keys: of.keys, kept: of.kept } : {});
  started.keys.set(TEST_BOX_ID, createPublicKey({ key: TEST_KEY.publicKey, format: 'jwk' }));
  closing.push(() => started.close());
  return started;
}

async function box(
  sites: string[],
  more: {
    disk?: MemoryDisk;
    batches?: number;
    client?: SiteClientOptions;
    clock?: typeof trueClock;
    uploadBytes?: number;
  } = {},
) {
  const outbox = await openOutbox({ folder: '/box/outbox', disk: more.disk ?? createMemoryDisk() });
  await outbox.append(sealNext(outbox, more.batches ?? 5));
  const client = createSiteClient({ connectTimeoutMs: 500, uploadTimeoutMs: 1000, ...more.client });
  const events: AgentEvent[] = [];
  const commands: string[] = [];
  const refused = join(folder, `run-${++runs}`);
  const uplink = createUplink({
    boxId: TEST_BOX_ID,
    key: TEST_KEY,
    sites,
    outbox,
    client,
    refusedFolder: createRefusedFolder(refused),
    clock: more.clock ?? hastyClock,
    report: (event) => events.push(event),
    onCommand: ({ id }) => void commands.push(id),
    ...(more.uploadBytes ? { maxUploadBytes: more.uploadBytes } : {}),
  });
  const stop = new AbortController();
  const ended = uplink.run(stop.signal);
  closing.push(async () => {
    stop.abort();
    await ended;
    await client.close();
  });
  return {
    outbox,
    uplink,
    events,
    commands,
    refused: () => (existsSync(refused) ? readdirSync(refused).filter((name) => name.endsWith('.batch')) : []),
    failures: () => events.flatMap((event) => (event.kind === 'site_failed' ? [event.reason] : [])),
  };
}

async function until(ready: () => boolean, ms = 10_000): Promise<void> {
  const endsAt = Date.now() + ms;
  while (!ready()) {
    if (Date.now() > endsAt) throw new Error('it did not happen');
    await trueClock.sleep(5);
  }
}

const empty = (outbox: Outbox) => () => outbox.waiting().batches === 0;

describe('uplink', () => {
  it('sends in order, and forgets only what is confirmed', async () => {
    const home = await site();
    const { outbox, uplink } = await box([home.origin], { batches: 20 });
    await until(empty(outbox));
    await outbox.append(sealNext(outbox, 3));
    uplink.wake();
    await until(empty(outbox));
    const batches = home.batchesOf();
    expect(batches.map((batch) => batch.seq)).toEqual(Array.from({ length: 23 }, (_, i) => i));
    expect(batches.map((batch) => batch.arrival)).toEqual(batches.map((_, i) => i));
    expect(isChained(batches)).toBe(true);
    expect([home.problems, home.conflicts, home.duplicates()]).toEqual([[], [], 0]);
  });

  it('keeps within the size of an upload', async () => {
    const home = await site();
    const counts: number[] = [];
    home.behave(({ batches, truth, response }) => {
      counts.push(batches.length);
      home.json(response, 200, truth());
    });
    const { outbox } = await box([home.origin], { batches: 30, uploadBytes: 1000 });
    await until(empty(outbox));
    expect(Math.max(...counts)).toBeLessThan(10);
    expect(home.batchesOf()).toHaveLength(30);
  });

  it('sends again when the acknowledgement is lost, and takes "duplicate" for done', async () => {
    const home = await site();
    home.behave(({ truth, request, response, upload }) => {
      const reply = truth();
      if (upload <= 2) request.socket.destroy();
      else home.json(response, 200, reply);
    });
    const { outbox, failures } = await box([home.origin]);
    await until(empty(outbox));
    expect(home.batchesOf()).toHaveLength(5);
    expect(home.duplicates()).toBe(10);
    expect(failures()).toHaveLength(2);
  });

  it('does not believe a wrong hash', async () => {
    const home = await site();
    home.behave(({ truth, response, upload }) => {
      const reply = truth();
      if (upload === 1) reply.acks = reply.acks.map((ack) => ({ ...ack, hash: 'f'.repeat(64) }));
      home.json(response, 200, reply);
    });
    const { outbox, failures } = await box([home.origin]);
    await until(empty(outbox));
    expect(failures()).toEqual(['wrong_hash']);
    expect(home.uploads()).toBe(2);
  });

  it.each([
    ['a page of a captive portal', '<html>Welcome! Please sign in.</html>', 'text/html'],
    ['JSON of somebody else', '{"ok":true}', 'application/json'],
    ['an empty answer', '', 'text/plain'],
    ['an answer without end', 'x'.repeat(1_100_000), 'text/plain'],
  ])('does not take %s for its service', async (_name, body, type) => {
    const home = await site();
    home.behave(({ response, truth, upload }) => {
      if (upload > 2) return home.json(response, 200, truth());
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
    const { outbox, failures, refused } = await box([home.origin]);
    await until(empty(outbox));
    expect(failures()).toHaveLength(2);
    expect(refused()).toEqual([]);
    expect(home.batchesOf()).toHaveLength(5);
  });

  it('does not follow a portal that answers 4xx or redirects', async () => {
    const home = await site();
    home.behave(({ response, truth, upload }) => {
      if (upload > 3) return home.json(response, 200, truth());
      response.writeHead([400, 302, 511][upload - 1] ?? 400, { location: '/login', 'content-type': 'text/html' });
      response.end('<html></html>');
    });
    const { outbox, failures, refused } = await box([home.origin]);
    await until(empty(outbox));
    expect([failures(), refused()]).toEqual([['http_400', 'http_302', 'http_511'], []]);
  });

  it('survives half an answer and a site that says nothing', async () => {
    const home = await site();
    home.behave(({ response, truth, request, upload }) => {
      if (upload === 1) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"acks":[');
        setTimeout(() => request.socket.destroy(), 5);
      } else if (upload > 2) home.json(response, 200, truth());
    });
    const { outbox, failures } = await box([home.origin]);
    await until(empty(outbox));
    expect(failures()).toHaveLength(2);
    expect(failures()[1]).toBe('timeout');
  });

  it('takes what an incomplete answer confirms, and sends the rest again', async () => {
    const home = await site();
    home.behave(({ response, truth, upload }) => {
      const reply = truth();
      home.json(
        response,
        200,
        upload === 1 ? { ...reply, acks: reply.acks.slice(0, 2) } : upload === 2 ? { ...reply, acks: [] } : reply,
      );
    });
    const { outbox, failures } = await box([home.origin]);
    await until(empty(outbox));
    expect(failures()).toEqual(['nothing_acknowledged']);
    expect(home.duplicates()).toBe(6);
  });

  it('goes to the next site at once when one is dead, with the same batches', async () => {
    const dead = await site();
    await dead.close();
    const second = await site();
    const { outbox, events, uplink } = await box([dead.origin, second.origin]);
    await until(empty(outbox));
    expect(second.batchesOf()).toHaveLength(5);
    expect(events.filter((event) => event.kind === 'site_changed')).toEqual([
      { kind: 'site_changed', site: second.origin },
    ]);
    expect(uplink.state().site).toBe(second.origin);
  });

  it('returns to the first site when it has been well for a while', async () => {
    const first = await site();
    const second = await site(first);
    first.behave(({ response }) => home500(first, response));
    let aheadMs = 0;
    const clock = { ...hastyClock, monotonicMs: () => performance.now() + aheadMs };
    const { outbox, uplink } = await box([first.origin, second.origin], { clock });
    await until(empty(outbox));
    expect(uplink.state().site).toBe(second.origin);
    first.behave(undefined);
    first.setReady(false);
    for (let i = 0; i < 3; i += 1) await later();
    expect(uplink.state().site).toBe(second.origin);
    first.setReady(true);
    await later();
    for (let i = 0; i < 8 && uplink.state().site !== first.origin; i += 1) await later();
    expect(uplink.state().site).toBe(first.origin);
    await outbox.append(sealNext(outbox, 1));
    uplink.wake();
    await until(empty(outbox));
    expect(first.uploads()).toBeGreaterThan(1);

    async function later(): Promise<void> {
      aheadMs += 20_000;
      uplink.wake();
      await trueClock.sleep(60);
    }
  });

  it('sets aside what the service will never take, and goes on with the rest', async () => {
    const home = await site();
    home.behave(({ response, truth }) => {
      const reply = truth();
      reply.acks = reply.acks.map((ack) =>
        ack.seq === 2 ? { boot: ack.boot, seq: ack.seq, outcome: 'refused', code: 'batch_malformed' } : ack,
      );
      home.json(response, 200, reply);
    });
    const { outbox, events, refused } = await box([home.origin]);
    await until(empty(outbox));
    expect(refused()).toEqual(['0000000001-0000000000000002.batch']);
    expect(events.filter((event) => event.kind === 'batch_refused')).toEqual([
      { kind: 'batch_refused', boot: 1, seq: 2, code: 'batch_malformed' },
    ]);
    const acknowledged = events.flatMap((event) => (event.kind === 'acknowledged' ? [event.readings] : []));
    expect(acknowledged).toEqual([12]);
  });

  it('finds the one batch for which an upload is refused as a whole', async () => {
    const home = await site();
    home.behave(({ batches, response, truth }) => {
      // The service cannot read the third batch at all, and says so for the whole body.
      const bad = batches.some((bytes) => bytes.length > 0 && seqOf(bytes) === 2);
      if (bad) home.json(response, 400, { code: 'batch_malformed', message: 'no' });
      else home.json(response, 200, truth());
    });
    const { outbox, refused } = await box([home.origin]);
    await until(empty(outbox));
    expect(refused()).toEqual(['0000000001-0000000000000002.batch']);
    expect(home.batchesOf().map((batch) => batch.seq)).toEqual([0, 1, 3, 4]);
  });

  it('sends less at a time when a proxy takes no more', async () => {
    const home = await site();
    const counts: number[] = [];
    home.behave(({ batches, response, truth }) => {
      counts.push(batches.length);
      if (batches.length <= 2) return home.json(response, 200, truth());
      response.writeHead(413);
      response.end('<html>413 Request Entity Too Large</html>');
    });
    const { outbox, failures } = await box([home.origin], { batches: 8 });
    await until(empty(outbox));
    expect(counts.slice(0, 3)).toEqual([8, 4, 2]);
    expect([failures(), home.batchesOf().length]).toEqual([[], 8]);
  });

  it('waits when it is asked to, and stays', async () => {
    const home = await site();
    const waits: number[] = [];
    const clock = {
      ...trueClock,
      sleep: (ms: number, signal?: AbortSignal) => {
        waits.push(ms);
        return trueClock.sleep(Math.min(ms, 5), signal);
      },
    };
    home.behave(({ response, truth, upload }) => {
      if (upload === 1) home.json(response, 429, { code: 'too_many_requests', message: '' }, { 'retry-after': '7' });
      else if (upload === 2) home.json(response, 503, { code: 'overloaded', message: '', retryAfterS: 3 });
      else if (upload === 3) home.json(response, 503, { code: 'overloaded', message: '' });
      else home.json(response, 200, truth());
    });
    const { outbox, failures } = await box([home.origin, 'http://127.0.0.1:9'], { clock });
    await until(empty(outbox));
    expect(waits[0]).toBeGreaterThanOrEqual(7_000);
    expect(waits[0]).toBeLessThanOrEqual(8_750);
    expect(waits[1]).toBe(3_000);
    expect(waits[2]).toBeGreaterThanOrEqual(1_000);
    expect(failures()).toEqual([]);
  });

  it('leaves a site that is always busy when there is another', async () => {
    const busy = await site();
    const calm = await site(busy);
    busy.behave(({ response }) => busy.json(response, 503, { code: 'overloaded', message: '' }));
    const { outbox, failures } = await box([busy.origin, calm.origin]);
    await until(empty(outbox));
    expect(failures()).toEqual(['busy']);
    expect(calm.uploads()).toBe(1);
  });

  it('takes a bare 503 for a dead site', async () => {
    const proxy = await site();
    const calm = await site(proxy);
    proxy.behave(({ response }) => {
      response.writeHead(503);
      response.end('Service Unavailable');
    });
    const { outbox, failures } = await box([proxy.origin, calm.origin]);
    await until(empty(outbox));
    expect(failures()).toEqual(['http_503']);
  });

  it('makes a new token with the time of the service when its own clock is wrong', async () => {
    const home = await site();
    const clock = { ...hastyClock, now: () => Date.now() - 10 * 365 * 86_400_000 };
    const { outbox, events } = await box([home.origin], { clock });
    await until(empty(outbox));
    expect(events.some((event) => event.kind === 'clock_off' && event.byMs > 86_400_000)).toBe(true);
    expect(events.some((event) => event.kind === 'site_failed')).toBe(false);
  });

  it('does not hammer a service that does not take its token, and keeps everything when it is locked out', async () => {
    const home = await site();
    home.keys.clear();
    const { outbox, failures } = await box([home.origin]);
    await until(() => failures().length >= 2);
    expect(new Set(failures())).toEqual(new Set(['box_token_invalid']));
    expect(outbox.waiting().batches).toBe(5);
    home.keys.set(TEST_BOX_ID, createPublicKey({ key: TEST_KEY.publicKey, format: 'jwk' }));
    home.behave(({ response, truth, upload }) => {
      if (home.batchesOf().length === 0 && upload % 2 === 0)
        home.json(response, 403, { code: 'box_revoked', message: '' });
      else home.json(response, 200, truth());
    });
    await until(empty(outbox));
    expect(home.batchesOf()).toHaveLength(5);
  });

  it('passes commands on', async () => {
    const home = await site();
    home.command({ id: 'c1', kind: 'ping', expiresAt: Date.now() + 60_000, detail: {} });
    const { outbox, commands } = await box([home.origin]);
    await until(empty(outbox));
    await until(() => commands.length === 1);
    expect(commands).toEqual(['c1']);
  });

  it('goes on when the card cannot be read for a while', async () => {
    const home = await site();
    const disk = createMemoryDisk();
    const { outbox, events, uplink } = await box([home.origin], { disk, batches: 1 });
    await until(empty(outbox));
    await outbox.append(sealNext(outbox, 1));
    disk.beforeEach = (operation) => {
      if (operation === 'read') throw Object.assign(new Error('EIO'), { code: 'EIO' });
    };
    uplink.wake();
    await until(() => events.some((event) => event.kind === 'site_failed' && event.site === 'outbox'));
    disk.beforeEach = () => undefined;
    await until(empty(outbox));
    expect(home.batchesOf()).toHaveLength(2);
  });

  it('ends while a site keeps it waiting', async () => {
    const home = await site();
    home.behave(() => undefined);
    const { outbox } = await box([home.origin], { client: { uploadTimeoutMs: 60_000 } });
    await until(() => home.uploads() === 1);
    await closing.pop()?.();
    expect(outbox.waiting().batches).toBe(5);
  });
});

function home500(home: TestSite, response: import('node:http').ServerResponse): void {
  home.json(response, 500, { code: 'internal_error', message: '' });
}

function seqOf(bytes: Uint8Array): number {
  // 'TM', version, flags, 16 bytes of box, boot (one byte below 128), then the number (one byte below 128).
  return bytes[21] ?? -1;
}
