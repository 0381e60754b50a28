import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { encodeBatch, frameBatches, withSignature } from '@temoin/shared/codec';
import { BATCHES_CONTENT_TYPE, type Batch, NO_PREVIOUS_HASH } from '@temoin/shared/telemetry';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { BoxIdentity } from '../access/actor.ts';
import { registerIngest } from '../features/ingest/ingest.routes.ts';
import { AppError } from '../http/app-error.ts';
import type { App } from '../http/build-app.ts';
import { installErrorReply } from '../http/error-reply.ts';
import { createMetrics } from '../http/metrics.ts';
import { nodeCompressor } from '../projections/compressor.ts';
import { createPostgresBatchLog } from '../stores/log/postgres-batch-log.ts';
import type { TestDatabase } from './test-database.ts';

// The upload doors on a real log, with boxes that the test makes up. Who a token belongs to is tested where tokens are read.

export function makeBox() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const boxId = randomUUID();
  const publicKeyX = publicKey.export({ format: 'jwk' }).x as string;
  const identity: BoxIdentity = { boxId, organisationId: randomUUID(), publicKeyX, serial: '' };
  const seal = (batch: Partial<Batch> & { seq: number }): Uint8Array => {
    const signed = encodeBatch(
      {
        boxId,
        boot: 1,
        bootAt: Date.now() - 60_000,
        clockTrust: 'gps',
        origin: 'measured',
        previousHash: NO_PREVIOUS_HASH,
        readings: [],
        facts: [],
        ...batch,
      },
      nodeCompressor,
    );
    return withSignature(signed, sign(null, signed, privateKey));
  };
  return { boxId, identity, seal, sign: (bytes: Uint8Array) => withSignature(bytes, sign(null, bytes, privateKey)) };
}
export type TestBox = ReturnType<typeof makeBox>;

/** `n` good readings, one a second, ending now. */
export const someReadings = (n: number, at = Date.now()) =>
  Array.from({ length: n }, (_, i) => ({ at: at - (n - i) * 1000, values: { rpm: 800 + i, obdSpeedKmh: i % 100 } }));

export async function openDoors(database: TestDatabase, boxes: readonly TestBox[]) {
  const log = createPostgresBatchLog({ pool: database.pool });
  const metrics = createMetrics();
  const pictures = new Map<string, Uint8Array>();
  const app = Fastify() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrorReply(app as never);
  const find = (authorization: string | undefined, code: 'box_token_invalid' | 'legacy_key_invalid') => {
    const box = boxes.find((b) => authorization === `Bearer ${b.boxId}`);
    if (!box) throw new AppError(code);
    return box.identity;
  };
  registerIngest(app, {
    log,
    metrics,
    blobs: {
      kind: 'folder',
      put: async (name, bytes) => void pictures.set(name, bytes),
      open: () => Promise.reject(new AppError('not_found')),
      has: async (name) => pictures.has(name),
      remove: async () => undefined,
      close: async () => undefined,
    },
    pendingCommands: async (boxId) => [{ id: boxId, kind: 'ping', expiresAt: 1, detail: {} }],
    boxes: {
      fromToken: async (request) => find(request.headers.authorization, 'box_token_invalid'),
      fromLegacyKey: async (request) => find(request.headers.authorization, 'legacy_key_invalid'),
    },
  });
  await app.ready();
  const post = async (
    url: string,
    box: { boxId: string },
    contentType: string,
    payload: Uint8Array | string,
    headers = {},
  ) => {
    const reply = await app.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${box.boxId}`, 'content-type': contentType, ...headers },
      payload: Buffer.from(payload),
    });
    return { status: reply.statusCode, body: reply.json() };
  };
  return {
    app,
    log,
    pictures,
    sendBinary: (box: { boxId: string }, ...batches: Uint8Array[]) =>
      post('/v1/batches', box, BATCHES_CONTENT_TYPE, frameBatches(batches)),
    sendBytes: (box: { boxId: string }, bytes: Uint8Array) => post('/v1/batches', box, BATCHES_CONTENT_TYPE, bytes),
    sendJson: (box: { boxId: string }, json: unknown) =>
      post(
        '/v1/batches',
        box,
        'application/json',
        typeof json === 'string' || json instanceof Uint8Array ? json : JSON.stringify(json),
      ),
    sendLegacy: (box: { boxId: string }, json: unknown, hashedVin = 'AB'.repeat(32)) =>
      post(
        `/api/embedded/${hashedVin}/UploadData`,
        box,
        'application/json',
        typeof json === 'string' ? json : JSON.stringify(json),
      ),
    post,
    /** Value of a counter with these labels. */
    async counted(name: string, labels: Record<string, string>) {
      const metric = await metrics.registry.getSingleMetric(name)?.get();
      const value = metric?.values.find((v) => Object.entries(labels).every(([key, text]) => v.labels[key] === text));
      return value?.value ?? 0;
    },
    async close() {
      await app.close();
      await log.close();
    },
  };
}
