import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { BOX_TOKEN } from '@temoin/shared/boxes';
import { type Compressor, encodeBatch, withSignature } from '@temoin/shared/codec';
import { NO_PREVIOUS_HASH, type Reading } from '@temoin/shared/telemetry';
import { SignJWT } from 'jose';
import type { Service } from './service.ts';

const compressor: Compressor = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 9 }),
  inflate: (bytes, maxBytes) => inflateRawSync(bytes, { maxOutputLength: maxBytes }),
};

/** An enrolled box that makes sealed batches one after the other. */
export interface BenchBox {
  readonly label: string;
  readonly token: string;
  seal(readings: readonly Reading[]): Uint8Array;
}

/** Registers and enrols `count` boxes through the service's own doors. */
export async function enrolBoxes(service: Service, count: number): Promise<BenchBox[]> {
  const labels = Array.from({ length: count }, (_, i) => `bench-${i}`);
  const vehicles = await post<{ vehicle: string; code: string }[]>(
    `${service.origin}/v1/operations/replay-vehicles`,
    { labels },
    service.operatorToken,
  );
  const boxes: BenchBox[] = [];
  for (const { vehicle, code } of vehicles) boxes.push(await enrol(service, vehicle, code));
  return boxes;
}

async function enrol(service: Service, label: string, code: string): Promise<BenchBox> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  const proof = sign(null, Buffer.from(`temoin-enrol:${code}`), privateKey).toString('base64url');
  const { boxId } = await post<{ boxId: string }>(`${service.origin}/v1/boxes/enrol`, {
    code,
    publicKey: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
    proof,
  });
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(BOX_TOKEN.issuer)
    .setSubject(boxId)
    .setAudience(service.origin)
    .setIssuedAt()
    .setExpirationTime(`${BOX_TOKEN.lifetimeS}s`)
    .sign(privateKey);
  return { label, token, seal: createSealer(boxId, privateKey) };
}

function createSealer(boxId: string, key: KeyObject): BenchBox['seal'] {
  let seq = 0;
  let previousHash = NO_PREVIOUS_HASH;
  return (readings) => {
    const bootAt = readings[0]?.at ?? 0;
    const head = { boxId, boot: 1, seq, bootAt, clockTrust: 'gps', origin: 'simulated', previousHash } as const;
    const signed = encodeBatch({ ...head, readings, facts: [] }, compressor);
    const bytes = withSignature(signed, sign(null, signed, key));
    seq += 1;
    previousHash = createHash('sha256').update(bytes).digest('hex');
    return bytes;
  };
}

export async function post<T>(url: string, body: unknown, token?: string): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-temoin': '1',
      origin: new URL(url).origin,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
