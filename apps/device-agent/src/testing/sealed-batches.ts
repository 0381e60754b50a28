import { generateKeyPairSync, sign } from 'node:crypto';
import type { Reading } from '@temoin/shared/telemetry';
import type { BoxKey } from '../chain/box-key.ts';
import { sealBatches } from '../chain/sealer.ts';
import type { NewBatch, Outbox } from '../outbox/outbox.ts';

export const TEST_BOX_ID = '018f6a00-0000-7000-8000-000000000001';

const pair = generateKeyPairSync('ed25519');
export const TEST_KEY: BoxKey = {
  privateKey: pair.privateKey,
  publicKey: pair.publicKey.export({ format: 'jwk' }) as BoxKey['publicKey'],
  sign: (bytes) => sign(null, bytes, pair.privateKey),
};

export const TEST_CONTEXT = { bootAt: 1_700_000_000_000, clockTrust: 'gps', origin: 'measured' } as const;

/** Readings one second apart that say which they are. */
export const numberedReadings = (first: number, count: number): Reading[] =>
  Array.from({ length: count }, (_, i) => ({
    at: TEST_CONTEXT.bootAt + (first + i) * 1000,
    values: { rpm: (first + i) % 16_000, lat: 48.58, lon: 7.75 },
  }));

/** The next batches of the chain that ends in `outbox`; each has `readings` readings. */
export function sealNext(outbox: Outbox, count: number, readings = 3, boot = 1): NewBatch[] {
  const head = outbox.head();
  const closed = Array.from({ length: count }, (_, i) => ({
    context: TEST_CONTEXT,
    readings: numberedReadings(head.totalReadings + i * readings, readings),
    facts: [],
    bookmarks: { replay: { row: head.totalReadings + (i + 1) * readings } },
  }));
  const sealed = sealBatches(closed, { boxId: TEST_BOX_ID, boot, key: TEST_KEY }, head);
  return sealed.map((bytes, i) => ({ bytes, note: { readings, bookmarks: closed[i]?.bookmarks ?? {} } }));
}
