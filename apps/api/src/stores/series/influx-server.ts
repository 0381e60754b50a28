import { AppError } from '../../http/app-error.ts';

// What differs between InfluxDB 1.8 and 2.x, and nothing else: making the database or bucket, and forgetting its contents.
// Writing and reading go through the same client and the same Flux on both.

export interface InfluxSettings {
  readonly url: string;
  /** 2.x: an API token. 1.8: `user:password`. */
  readonly token: string;
  /** Ignored by 1.8. */
  readonly org: string;
  /** 2.x: the bucket. 1.8: `database/retention-policy`, for example `temoin/autogen`. */
  readonly bucket: string;
}

export interface InfluxServer {
  readonly line: '1' | '2';
  /** Creates the database or bucket if it is not there; it keeps data for ever, since old drives come late. */
  provision(): Promise<void>;
  /** Deletes all points of these measurements. */
  forget(measurements: readonly string[]): Promise<void>;
}

const TIMEOUT_MS = 30_000;

/** Asks the server what it is; throws `store_unavailable` when it does not answer or is neither 1.8 nor 2.x. */
export async function meetInflux(settings: InfluxSettings): Promise<InfluxServer> {
  const health = await ask(settings, 'GET', '/health');
  const version = String((JSON.parse(health.text || '{}') as { version?: string }).version ?? '');
  const major = /^v?(\d+)\./.exec(version)?.[1];
  // A 1.8 that was built without a release's linker flags says "unknown"; only the 2 line has /api/v2/setup.
  const isTwo = major ? major === '2' : (await ask(settings, 'GET', '/api/v2/setup', undefined, [404])).status === 200;
  if (major && major !== '1' && major !== '2') {
    throw new AppError('store_unavailable', `InfluxDB ${version} has no Flux; use 1.8 or 2.x`);
  }
  return isTwo ? lineTwo(settings) : lineOne(settings);
}

function lineOne(settings: InfluxSettings): InfluxServer {
  const [database = '', policy = 'autogen'] = settings.bucket.split('/');
  const run = (statement: string) =>
    ask(settings, 'POST', `/query?${new URLSearchParams({ db: database, rp: policy, q: statement })}`).then(
      ({ text }) => {
        const problem = /"error":\s*"([^"]+)"/.exec(text)?.[1];
        if (problem) throw new AppError('store_unavailable', `InfluxDB: ${problem}`);
      },
    );
  return {
    line: '1',
    provision: async () => {
      await run(`CREATE DATABASE ${quoted(database)}`);
      if (policy !== 'autogen')
        await run(`CREATE RETENTION POLICY ${quoted(policy)} ON ${quoted(database)} DURATION INF REPLICATION 1`);
    },
    forget: async (measurements) => {
      for (const measurement of measurements) await run(`DROP MEASUREMENT ${quoted(measurement)}`);
    },
  };
}

function lineTwo(settings: InfluxSettings): InfluxServer {
  const { org, bucket } = settings;
  return {
    line: '2',
    provision: async () => {
      const query = new URLSearchParams({ org, name: bucket });
      const found = await ask(settings, 'GET', `/api/v2/buckets?${query}`, undefined, [404]);
      if (found.status === 200 && (JSON.parse(found.text) as { buckets: unknown[] }).buckets.length > 0) return;
      const orgs = await ask(settings, 'GET', `/api/v2/orgs?${new URLSearchParams({ org })}`);
      const orgID = (JSON.parse(orgs.text) as { orgs: { id: string }[] }).orgs[0]?.id;
      // 422: another process made it meanwhile.
      await ask(settings, 'POST', '/api/v2/buckets', { orgID, name: bucket, retentionRules: [] }, [422]);
    },
    forget: async (measurements) => {
      const path = `/api/v2/delete?${new URLSearchParams({ org, bucket })}`;
      const range = { start: '1970-01-01T00:00:00Z', stop: '2262-01-01T00:00:00Z' };
      for (const measurement of measurements) {
        await ask(settings, 'POST', path, { ...range, predicate: `_measurement=${JSON.stringify(measurement)}` });
      }
    },
  };
}

const quoted = (name: string): string => `"${name.replace(/["\\]/g, '\\$&')}"`;

/** One request; throws `store_unavailable` unless the answer is a success or one of `alsoFine`. */
async function ask(
  { url, token }: InfluxSettings,
  method: string,
  path: string,
  body?: unknown,
  alsoFine: readonly number[] = [],
): Promise<{ status: number; text: string }> {
  try {
    const reply = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Token ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await reply.text();
    if (!reply.ok && !alsoFine.includes(reply.status))
      throw new Error(`answered ${reply.status}: ${text.slice(0, 300)}`);
    return { status: reply.status, text };
  } catch (cause) {
    throw new AppError('store_unavailable', `InfluxDB: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
