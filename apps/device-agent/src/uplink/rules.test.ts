import { createPublicKey } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchAck } from '@temoin/shared/telemetry';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '../events.ts';
import { openOutbox, type WaitingBatch } from '../outbox/outbox.ts';
import { createMemoryDisk } from '../testing/memory-disk.ts';
import { sealNext, TEST_BOX_ID, TEST_KEY } from '../testing/sealed-batches.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { backOffMs, retryAfterMs } from './back-off.ts';
import { createBoxTokens } from './box-token.ts';
import { createCommands } from './commands.ts';
import { createRefusedFolder } from './refused-folder.ts';
import { settleAcks } from './settle-acks.ts';
import { createSiteList } from './site-list.ts';

async function waiting(count: number): Promise<WaitingBatch[]> {
  const outbox = await openOutbox({ folder: '/box', disk: createMemoryDisk() });
  await outbox.append(sealNext(outbox, count));
  return outbox.peek(count, 10_000_000);
}

describe('back-off', () => {
  it('doubles its range up to the cap and uses all of it', () => {
    expect([0, 1, 2, 3].map((failures) => backOffMs(failures, () => 0.999))).toEqual([499, 999, 1998, 3996]);
    expect(backOffMs(50, () => 0.999)).toBe(29_970);
    expect(backOffMs(3, () => 0)).toBe(0);
  });

  it('reads Retry-After in seconds and as a date, and never trusts it without bound', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfterMs('2', now, () => 0)).toBe(2000);
    expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now, () => 0)).toBe(5000);
    expect(retryAfterMs('2', now, () => 1)).toBe(2500);
    expect(retryAfterMs('999999', now, () => 0)).toBe(300_000);
    expect(retryAfterMs('-5', now, () => 0)).toBe(0);
    for (const header of [undefined, '', 'soon']) expect(retryAfterMs(header, now)).toBeUndefined();
  });
});

describe('site list', () => {
  it('goes through the sites, waits after each round, and comes back to the first when it has been well for a while', () => {
    const sites = createSiteList(['a', 'b', 'c'], () => 0.5);
    expect(sites.probeDue(1e9)).toBeUndefined();
    expect([sites.failed(0), sites.current()]).toEqual([false, 'b']);
    expect([sites.failed(0), sites.current()]).toEqual([false, 'c']);
    expect([sites.failed(0), sites.current(), sites.failures()]).toEqual([true, 'a', 3]);
    sites.failed(0);
    sites.succeeded();
    expect([sites.current(), sites.failures(), sites.probeDue(14_999), sites.probeDue(15_000)]).toEqual([
      'b',
      0,
      undefined,
      'a',
    ]);
    expect(sites.probed(true, 15_000)).toBe(false);
    expect(sites.probed(false, 30_000)).toBe(false);
    expect(sites.probed(true, 45_000)).toBe(false);
    expect(sites.probed(true, 104_999)).toBe(false);
    expect(sites.probed(true, 105_000)).toBe(true);
    expect([sites.current(), sites.probeDue(1e9)]).toEqual(['a', undefined]);
  });

  it('with one site, waits after each failure', () => {
    const sites = createSiteList(['only']);
    expect([sites.failed(0), sites.failed(0), sites.current(), sites.probeDue(1e9)]).toEqual([
      true,
      true,
      'only',
      undefined,
    ]);
    expect(() => createSiteList([])).toThrow(RangeError);
  });
});

describe('settling acknowledgements', () => {
  const ack = (batch: WaitingBatch, more: Partial<BatchAck>): BatchAck => ({
    boot: batch.header.boot,
    seq: batch.header.seq,
    outcome: 'stored',
    hash: batch.hash,
    ...more,
  });

  it('takes stored and duplicate with the right hash, in any order', async () => {
    const sent = await waiting(3);
    const [a, b, c] = sent as [WaitingBatch, WaitingBatch, WaitingBatch];
    const acks = [ack(c, {}), ack(a, { outcome: 'duplicate' }), ack(b, { hash: b.hash.toUpperCase() })];
    expect(settleAcks(sent, acks)).toEqual({ done: sent, refused: [], lie: false });
  });

  it('stops at the first that is missing, and at a lie', async () => {
    const sent = await waiting(3);
    const [a, b, c] = sent as [WaitingBatch, WaitingBatch, WaitingBatch];
    expect(settleAcks(sent, [ack(a, {}), ack(c, {})])).toEqual({ done: [a], refused: [], lie: false });
    expect(settleAcks(sent, [ack(a, {}), ack(b, { hash: c.hash }), ack(c, {})])).toEqual({
      done: [a],
      refused: [],
      lie: true,
    });
    const { hash: _hash, ...bare } = ack(a, {});
    expect(settleAcks(sent, [bare])).toEqual({ done: [], refused: [], lie: true });
    expect(settleAcks(sent, [])).toEqual({ done: [], refused: [], lie: false });
  });

  it('passes over what is refused for good, and keeps what is refused for now', async () => {
    const sent = await waiting(3);
    const [a, b, c] = sent as [WaitingBatch, WaitingBatch, WaitingBatch];
    const refused = settleAcks(sent, [
      ack(a, { outcome: 'refused', code: 'batch_malformed' }),
      ack(b, {}),
      ack(c, { outcome: 'refused', code: 'store_unavailable' }),
    ]);
    expect(refused).toEqual({ done: [a, b], refused: [{ batch: a, code: 'batch_malformed' }], lie: false });
    const { code: _code, hash: _hash, ...bare } = ack(a, { outcome: 'refused' });
    expect(settleAcks([a], [bare]).refused).toEqual([{ batch: a, code: 'bad_request' }]);
  });
});

describe('box tokens', () => {
  it('are signed for one site and kept until near their end', async () => {
    let now = 1_700_000_000_000;
    const tokens = createBoxTokens(TEST_BOX_ID, TEST_KEY, () => now);
    const first = await tokens.tokenFor('https://a.example/base');
    const key = createPublicKey({ key: TEST_KEY.publicKey, format: 'jwk' });
    const { payload } = await jwtVerify(first, key, {
      currentDate: new Date(now),
      issuer: 'temoin-box',
      audience: 'https://a.example',
    });
    expect([payload.sub, payload.iat, payload.exp]).toEqual([TEST_BOX_ID, 1_700_000_000, 1_700_000_300]);
    now += 239_000;
    expect(await tokens.tokenFor('https://a.example')).toBe(first);
    expect(decodeJwt(await tokens.tokenFor('https://b.example')).aud).toBe('https://b.example');
    now += 1_000;
    expect(await tokens.tokenFor('https://a.example')).not.toBe(first);
    // The clock was set back: a token from the future is not used.
    now -= 3_600_000;
    expect(decodeJwt(await tokens.tokenFor('https://a.example')).iat).toBe(Math.floor(now / 1000));
    const before = await tokens.tokenFor('https://a.example');
    tokens.forget();
    now += 1_000;
    expect(await tokens.tokenFor('https://a.example')).not.toBe(before);
  });
});

describe('the refused folder', () => {
  it('keeps the batch with its code, within bounds', async () => {
    const folder = join(temporaryFolder('refused'), 'refused');
    const refused = createRefusedFolder(folder);
    const sent = await waiting(110);
    for (const batch of sent) expect(await refused.setAside(batch, 'batch_malformed', 5)).toBe(true);
    const names = readdirSync(folder).sort();
    expect(names.length).toBeLessThanOrEqual(202);
    expect(names.at(-2)).toBe('0000000001-0000000000000109.batch');
    expect(readFileSync(join(folder, names.at(-2) ?? ''))).toEqual(Buffer.from(sent.at(-1)?.bytes ?? []));
    expect(JSON.parse(readFileSync(join(folder, names.at(-1) ?? ''), 'utf8'))).toEqual({
      code: 'batch_malformed',
      at: 5,
      boot: 1,
      seq: 109,
    });
  });

  it('says so when it cannot, and does not throw', async () => {
    const folder = temporaryFolder('refused-full');
    mkdirSync(join(folder, '0000000001-0000000000000000.batch'));
    const [batch] = await waiting(1);
    expect(await createRefusedFolder(folder).setAside(batch as WaitingBatch, 'bad_request', 1)).toBe(false);
  });
});

describe('commands', () => {
  const command = (id: string, expiresAt = 2000) => ({ id, kind: 'ping', expiresAt, detail: {} }) as const;

  it('are carried out once, not after their end, and again when they failed', async () => {
    const done: string[] = [];
    const events: AgentEvent[] = [];
    let fails = true;
    const commands = createCommands(
      ({ id }) => {
        if (id === 'c' && fails) throw new Error('not now');
        done.push(id);
      },
      (event) => events.push(event),
    );
    await commands.receive([command('a'), command('a'), command('b', 1000), command('c')], 1000);
    fails = false;
    await commands.receive([command('a'), command('c')], 1000);
    expect(done).toEqual(['a', 'c']);
    expect(events.map((event) => event.kind === 'command' && [event.command.id, event.outcome])).toEqual([
      ['a', 'done'],
      ['b', 'expired'],
      ['c', 'failed'],
      ['c', 'done'],
    ]);
    await commands.receive(
      Array.from({ length: 300 }, (_, i) => command(`n${i}`)),
      1000,
    );
    expect(done).toHaveLength(302);
    await commands.receive([command('n299')], 1000);
    expect(done).toHaveLength(302);
  });
});
