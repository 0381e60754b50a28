import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client } from 'minio';
import { AppError } from '../../http/app-error.ts';
import { checkBytes, checkName } from './blob-name.ts';
import type { BlobStore } from './blob-store.ts';

export interface S3Settings {
  /** For example `https://s3.example.org`; a path is not supported. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly region: string;
}

/** A connection that is silent for so long is broken off. */
const SILENCE_MS = 20_000;
const DELETE_AT_ONCE = 1_000;

/** Any S3: creates the bucket if it is not there; throws `store_unavailable` when it does not answer or does not let us in. */
export async function openS3BlobStore(settings: S3Settings): Promise<BlobStore> {
  const { endpoint, accessKey, secretKey, bucket, region } = settings;
  const { protocol, hostname, port } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  const agent = impatient(useSSL ? new HttpsAgent(AGENT) : new HttpAgent(AGENT));
  const client = new Client({
    ...{ endPoint: hostname, useSSL, accessKey, secretKey, region, transportAgent: agent },
    ...(port !== '' && { port: Number(port) }),
    // Whoever calls tries again; a client that does so too would only multiply the load on a store in trouble.
    retryOptions: { disableRetry: true },
  });
  await orUnavailable(async () => {
    if (!(await client.bucketExists(bucket))) await client.makeBucket(bucket, region);
  });

  const stat = async (sha256: string) => {
    try {
      return await client.statObject(bucket, sha256);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  return {
    kind: 's3',
    put: async (sha256, bytes, contentType) => {
      checkBytes(sha256, bytes);
      await orUnavailable(async () => {
        if (await stat(sha256)) return;
        // With the size the client sends one request; without it, it would collect 512 MiB parts first.
        const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        await client.putObject(bucket, sha256, body, body.length, { 'Content-Type': contentType });
      });
    },
    open: async (sha256) => {
      checkName(sha256);
      return orUnavailable(async () => {
        const found = await stat(sha256);
        if (!found) throw new AppError('not_found', 'There is no such blob');
        const contentType = (found.metaData as Record<string, string>)['content-type'] ?? 'application/octet-stream';
        return { stream: await client.getObject(bucket, sha256), bytes: found.size, contentType };
      });
    },
    has: async (sha256) => {
      checkName(sha256);
      return orUnavailable(async () => (await stat(sha256)) !== undefined);
    },
    remove: async (sha256s) => {
      sha256s.forEach(checkName);
      await orUnavailable(async () => {
        for (let i = 0; i < sha256s.length; i += DELETE_AT_ONCE) {
          await client.removeObjects(bucket, sha256s.slice(i, i + DELETE_AT_ONCE));
        }
      });
    },
    close: async () => agent.destroy(),
  };
}

const AGENT = { keepAlive: true, maxSockets: 16, timeout: SILENCE_MS } as const;

/** Node only tells of a silent socket; this one is closed, which fails the request that waits for it. */
function impatient<T extends HttpAgent>(agent: T): T {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket: Duplex | null | undefined = connect(options, callback);
    const net = socket as Socket | null | undefined;
    net?.setTimeout(SILENCE_MS);
    net?.on('timeout', () => net.destroy(new Error(`no answer for ${SILENCE_MS / 1000} s`)));
    return socket;
  };
  return agent;
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && ['NotFound', 'NoSuchKey'].includes((error as { code?: string }).code ?? '');

async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (isAbsent(cause)) throw new AppError('not_found', 'There is no such blob', { cause });
    const why = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
    throw new AppError('store_unavailable', `The S3 store cannot be used: ${why}`, { cause });
  }
}
