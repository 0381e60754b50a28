import pg from 'pg';
import { AppError } from '../../http/app-error.ts';

export type Pool = pg.Pool;
/** A pool or one client inside a transaction: what a function that only runs SQL asks for. */
export type Queryable = Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>;

export interface PoolOptions {
  readonly maxConnections?: number;
  readonly applicationName?: string;
  /** Longest a single statement may run, ms. */
  readonly statementTimeoutMs?: number;
}

/**
 * A pool that never brings the process down: a connection that dies while idle is dropped and replaced.
 * `bigint` columns come back as strings (as pg does by default): log positions do not fit a number.
 */
export function createPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'temoin',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  });
  pool.on('error', () => undefined);
  return pool;
}

/** Runs `work` in one transaction; rolls back when it throws. A connection that broke on the way is not reused. */
export async function inTransaction<T>(pool: Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** A client of one's own, for LISTEN or a transaction; throws `store_unavailable` when the database is away. */
export async function connect(pool: Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw isDatabaseAway(error) ? databaseAway(error) : error;
  }
}

export const databaseAway = (cause: unknown): AppError =>
  new AppError('store_unavailable', 'The database does not answer', { cause, retryAfterS: 5 });

const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', '53300']);

/** True when the error says that the database is gone or going, not that the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? '');
  // 08… connection trouble, 57P0x server going down or coming up, 25P03 connection ended for being idle too long.
  if (AWAY_CODES.has(code) || code.startsWith('08') || code.startsWith('57P0') || code === '25P03') return true;
  return /timeout exceeded when trying to connect|Connection terminated|not queryable|Client has encountered/i.test(
    error.message,
  );
}
