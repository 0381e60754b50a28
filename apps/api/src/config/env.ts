import { readFileSync } from 'node:fs';
import * as z from 'zod';

// The only reader of process.env. Flat, one variable a line, each with its meaning; config.ts gives it its shape.

const flag = z.enum(['', '0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');
const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be an address beginning with ${protocols.join(':// or ')}://`,
  });

export const Env = z.object({
  TEMOIN_DATA: z.string().min(1).default('.temoin').describe('Folder of everything that is kept'),
  TEMOIN_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  TEMOIN_PORT: z.coerce.number().int().min(0).max(65_535).default(8480).describe('Port to listen on'),
  TEMOIN_PUBLIC_ORIGINS: z.string().optional().describe('Origins under which people and boxes reach us, comma between'),
  TEMOIN_TRUST_PROXY: z
    .string()
    .optional()
    .describe('Addresses of proxies whose X-Forwarded-For counts, comma between'),
  DATABASE_URL: url('postgres', 'postgresql').optional().describe('PostgreSQL to use instead of the embedded one'),
  TEMOIN_SERIES: z.enum(['duckdb', 'influx']).default('duckdb').describe('Where time series are kept'),
  INFLUX_URL: url('http', 'https').optional(),
  INFLUX_TOKEN: z.string().optional().describe('Token, or user:password for InfluxDB 1.8'),
  INFLUX_ORG: z.string().optional().describe('Empty for InfluxDB 1.8'),
  INFLUX_BUCKET: z.string().optional().describe('Bucket, or database/policy for InfluxDB 1.8'),
  TEMOIN_BLOBS: z.enum(['folder', 's3']).default('folder').describe('Where photos are kept'),
  S3_ENDPOINT: url('http', 'https').optional(),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  TEMOIN_LOG: z.enum(['postgres', 'nats']).default('postgres').describe('Where the batch log is kept'),
  NATS_URL: url('nats', 'tls').optional(),
  TEMOIN_DEMO: flag.default(false).describe('1: make the demo insurer with people whose password is public'),
  TEMOIN_DEMO_VEHICLES: z.coerce.number().int().min(0).max(5_000).default(25).describe('Vehicles of the demo insurer'),
  TEMOIN_PARTS: z.string().default('http,live,projections').describe('Parts to run in this process'),
  TEMOIN_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TEMOIN_TILE_URL: z.string().optional().describe('Map tiles, with {z}/{x}/{y}; none: our own base map alone'),
  TEMOIN_TILE_ATTRIBUTION: z.string().default('© OpenStreetMap contributors'),
  TEMOIN_WEB: z.string().optional().describe('Folder of the built web app, if not the usual one'),
});
export type Env = z.infer<typeof Env>;

/** What is wrong with the settings, one sentence a problem, all at once. */
export class ConfigProblems extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings do not work:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads the environment (or `source` in its place); an empty variable counts as absent. Throws `ConfigProblems`. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = Env.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigProblems(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

/** Server for the tests to use instead of an embedded one; read by testing/ only. */
export const testDatabaseUrl = (): string | undefined => process.env.TEST_DATABASE_URL || undefined;

/** The program's version: written into the bundle when it is built, read from the package in development. */
export function programVersion(): string {
  if (process.env.TEMOIN_VERSION) return process.env.TEMOIN_VERSION;
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
