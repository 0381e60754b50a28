import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../../../../../testing/needs.ts';
import { type RunningNats, startNats } from '../../../../../testing/servers/nats.ts';
import { batchLogContract, readAll, someBatch } from './batch-log.contract.ts';
import { createNatsBatchLog } from './nats-batch-log.ts';

describeWith(['nats'], 'the log on a real NATS server', () => {
  let nats: RunningNats;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats.stop());

  batchLogContract('NatsBatchLog', async () => {
    const name = `T${randomUUID().slice(0, 8)}`;
    return { open: () => createNatsBatchLog({ url: nats.url, name }), drop: async () => undefined };
  });

  test('beyond its tail it reads from the stream, page by page, also with large bodies', async () => {
    const log = await createNatsBatchLog({ url: nats.url, name: `T${randomUUID().slice(0, 8)}`, tailBytes: 0 });
    const boxId = randomUUID();
    const large = 'x'.repeat(400_000);
    for (let seq = 0; seq < 60; seq += 1) await log.append([someBatch(boxId, seq, large)]);
    expect((await log.read(0n, 1000)).length).toBeLessThan(60);
    expect((await readAll(log, 0n, 1000)).map((e) => e.seq)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    await expect(log.append([someBatch(boxId, 99, 'x'.repeat(1_100_000))])).rejects.toMatchObject({
      code: 'batch_too_large',
    });
    await log.close();
  });

  test('the server is killed: a code while it is away, then it goes on by itself and has all that it acknowledged', async () => {
    const name = `T${randomUUID().slice(0, 8)}`;
    const log = await createNatsBatchLog({ url: nats.url, name, tailBytes: 0 });
    const boxId = randomUUID();
    await Promise.all(Array.from({ length: 40 }, (_, seq) => log.append([someBatch(boxId, seq)])));
    await nats.kill();
    await expect(log.append([someBatch(boxId, 40)])).rejects.toMatchObject({ code: 'store_unavailable' });
    await nats.restart();
    await expect.poll(() => log.append([someBatch(boxId, 41)]).catch(() => []), { timeout: 20_000 }).toHaveLength(1);
    await log.append([someBatch(boxId, 40)]);
    const seqs = (await readAll(log)).map((e) => e.seq);
    expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 42 }, (_, i) => i));
    await log.close();
  });

  test('nobody there: a code', async () => {
    await expect(createNatsBatchLog({ url: 'nats://127.0.0.1:1' })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });
});
