import { join, resolve } from 'node:path';
import { ConfigProblems, type Env } from './env.ts';

// The settings in the shape that the program uses: a tagged union per store, so that a half-configured store cannot exist.

export type PostgresConfig =
  | { readonly kind: 'embedded'; readonly folder: string; readonly passwordFile: string }
  | { readonly kind: 'server'; readonly url: string };
export type SeriesConfig =
  | { readonly kind: 'duckdb'; readonly file: string }
  | {
      readonly kind: 'influx';
      readonly url: string;
      readonly token: string;
      readonly org: string;
      readonly bucket: string;
    };
export type BlobsConfig =
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 's3';
      readonly endpoint: string;
      readonly accessKey: string;
      readonly secretKey: string;
      readonly bucket: string;
      readonly region: string;
    };
export type LogConfig = { readonly kind: 'postgres' } | { readonly kind: 'nats'; readonly url: string };

export const PARTS = ['http', 'live', 'projections'] as const;
export type Part = (typeof PARTS)[number];

export interface Config {
  readonly dataFolder: string;
  readonly keysFolder: string;
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** First is the one that boxes are told. */
    readonly publicOrigins: readonly string[];
    readonly trustProxy: readonly string[];
  };
  readonly postgres: PostgresConfig;
  readonly series: SeriesConfig;
  readonly blobs: BlobsConfig;
  readonly log: LogConfig;
  readonly parts: ReadonlySet<Part>;
  readonly demo: { readonly vehicles: number } | undefined;
  readonly logLevel: Env['TEMOIN_LOG_LEVEL'];
  readonly tiles: { readonly url: string | undefined; readonly attribution: string };
  readonly webFolder: string | undefined;
}

/** Throws `ConfigProblems` naming every impossible pair of settings at once. */
export function buildConfig(env: Env): Config {
  const problems: string[] = [];
  const need = (name: keyof Env, because: string): string => {
    const value = env[name];
    if (typeof value === 'string' && value !== '') return value;
    problems.push(`${name}: is needed because ${because}`);
    return '';
  };
  const dataFolder = resolve(env.TEMOIN_DATA);
  const keysFolder = join(dataFolder, 'keys');
  const config: Config = {
    dataFolder,
    keysFolder,
    http: {
      host: env.TEMOIN_HOST,
      port: env.TEMOIN_PORT,
      publicOrigins: originsOf(env, problems),
      trustProxy: listOf(env.TEMOIN_TRUST_PROXY),
    },
    postgres: env.DATABASE_URL
      ? { kind: 'server', url: env.DATABASE_URL }
      : { kind: 'embedded', folder: join(dataFolder, 'postgres'), passwordFile: join(keysFolder, 'postgres-password') },
    series: seriesOf(env, dataFolder, need),
    blobs: blobsOf(env, dataFolder, need),
    log: env.TEMOIN_LOG === 'nats' ? { kind: 'nats', url: need('NATS_URL', 'TEMOIN_LOG=nats') } : { kind: 'postgres' },
    parts: partsOf(env, problems),
    demo: env.TEMOIN_DEMO ? { vehicles: env.TEMOIN_DEMO_VEHICLES } : undefined,
    logLevel: env.TEMOIN_LOG_LEVEL,
    tiles: { url: env.TEMOIN_TILE_URL, attribution: env.TEMOIN_TILE_ATTRIBUTION },
    webFolder: env.TEMOIN_WEB ? resolve(env.TEMOIN_WEB) : undefined,
  };
  if (problems.length > 0) throw new ConfigProblems(problems);
  return config;
}

type Need = (name: keyof Env, because: string) => string;

function seriesOf(env: Env, dataFolder: string, need: Need): SeriesConfig {
  if (env.TEMOIN_SERIES === 'duckdb') return { kind: 'duckdb', file: join(dataFolder, 'series.duckdb') };
  const because = 'TEMOIN_SERIES=influx';
  return {
    kind: 'influx',
    url: need('INFLUX_URL', because),
    token: need('INFLUX_TOKEN', because),
    org: env.INFLUX_ORG ?? '',
    bucket: need('INFLUX_BUCKET', because),
  };
}

function blobsOf(env: Env, dataFolder: string, need: Need): BlobsConfig {
  if (env.TEMOIN_BLOBS === 'folder') return { kind: 'folder', folder: join(dataFolder, 'blobs') };
  const because = 'TEMOIN_BLOBS=s3';
  return {
    kind: 's3',
    endpoint: need('S3_ENDPOINT', because),
    accessKey: need('S3_ACCESS_KEY', because),
    secretKey: need('S3_SECRET_KEY', because),
    bucket: need('S3_BUCKET', because),
    region: env.S3_REGION,
  };
}

function originsOf(env: Env, problems: string[]): string[] {
  const given = listOf(env.TEMOIN_PUBLIC_ORIGINS);
  if (given.length === 0) return [`http://localhost:${env.TEMOIN_PORT}`, `http://127.0.0.1:${env.TEMOIN_PORT}`];
  return given.flatMap((text) => {
    const origin = URL.canParse(text) ? new URL(text).origin : 'null';
    if (/^https?:/.test(origin)) return [origin];
    problems.push(`TEMOIN_PUBLIC_ORIGINS: "${text}" is no origin such as https://fleet.example`);
    return [];
  });
}

function partsOf(env: Env, problems: string[]): ReadonlySet<Part> {
  const parts = new Set<Part>();
  for (const text of listOf(env.TEMOIN_PARTS)) {
    const part = PARTS.find((known) => known === text);
    if (part) parts.add(part);
    else problems.push(`TEMOIN_PARTS: "${text}" is none of ${PARTS.join(', ')}`);
  }
  if (parts.has('live') && !parts.has('http')) problems.push('TEMOIN_PARTS: live needs http');
  if (parts.size === 0) problems.push('TEMOIN_PARTS: names no part to run');
  return parts;
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
