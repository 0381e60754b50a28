import * as z from 'zod';
import { BATCHER_DEFAULTS } from '../batching/batcher.ts';

// The only reader of the environment in this app.

const megabytes = z.coerce.number().positive();

const Env = z.object({
  /** Folder in which the box keeps its key, its identity and its outbox. */
  TEMOIN_BOX_DIR: z.string().min(1).default('/var/lib/temoin-agent'),
  /** Base addresses of the service, first choice first, separated by commas. */
  TEMOIN_SITES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((site) => site.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.url({ protocol: /^https?$/ }))),
  TEMOIN_BOX_SERIAL: z.string().max(64).default(''),
  TEMOIN_BATCH_MAX_AGE_MS: z.coerce.number().int().min(10).max(3_600_000).default(BATCHER_DEFAULTS.maxAgeMs),
  TEMOIN_BATCH_MAX_READINGS: z.coerce.number().int().min(1).max(4096).default(BATCHER_DEFAULTS.maxReadings),
  TEMOIN_OUTBOX_LIMIT_MB: megabytes.default(256),
});

export interface Config {
  readonly folder: string;
  readonly sites: readonly string[];
  readonly serial: string;
  readonly batch: { readonly maxAgeMs: number; readonly maxReadings: number };
  readonly outboxLimitBytes: number;
}

/** The settings of this process. Throws one error that names every variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = Env.safeParse(env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path[0]?.toString() ?? ''}: ${issue.message}`);
    throw new Error(`The settings are wrong:\n  ${problems.join('\n  ')}`);
  }
  const values = parsed.data;
  return {
    folder: values.TEMOIN_BOX_DIR,
    sites: values.TEMOIN_SITES,
    serial: values.TEMOIN_BOX_SERIAL,
    batch: { maxAgeMs: values.TEMOIN_BATCH_MAX_AGE_MS, maxReadings: values.TEMOIN_BATCH_MAX_READINGS },
    outboxLimitBytes: Math.round(values.TEMOIN_OUTBOX_LIMIT_MB * 1024 * 1024),
  };
}
