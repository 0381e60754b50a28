import type { Pool, PoolClient, QueryResult } from 'pg';
import type { AppendOutcome, LogEntry, LoggableBatch } from './batch-log.ts';
import { batchKey, FORM_NUMBERS } from './log-rows.ts';

// One commit of the log. The advisory lock is taken before positions are handed out and held until the commit is durable and
// visible. So no position ever becomes visible below one that a reader has already seen, also with several API processes:
// without the lock a slow writer's lower position would appear behind a reader's back and be skipped for ever.

/** Any constant; all writers of one database share it. */
export const LOG_LOCK = 7_236_001;
export const LOG_CHANNEL = 'temoin_log';
const STATEMENT_TIMEOUT_MS = 10_000;

const BEGIN = `BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS};
  SELECT pg_advisory_xact_lock(${LOG_LOCK}); SELECT coalesce(max(position), 0) AS head FROM batch_log`;

const INSERT = `
  INSERT INTO batch_log (box_id, boot, seq, hash, form, received_at_ms, body)
  SELECT box_id, boot, seq, hash, form, $6::bigint, body
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::smallint[], $7::bytea[])
    WITH ORDINALITY AS t(box_id, boot, seq, hash, form, body, place)
  ORDER BY place
  ON CONFLICT (box_id, boot, seq) DO NOTHING
  RETURNING position, box_id, boot, seq`;

const KEPT = `
  SELECT l.box_id, l.boot, l.seq, l.hash FROM batch_log l
  JOIN unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS t(box_id, boot, seq) USING (box_id, boot, seq)`;

const CONFLICT = `
  INSERT INTO batch_conflicts (box_id, boot, seq, refused_hash, kept_hash, at_ms)
  SELECT box_id, boot, seq, refused_hash, kept_hash, $6
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[]) AS t(box_id, boot, seq, refused_hash, kept_hash)
  ON CONFLICT DO NOTHING`;

export interface Committed {
  readonly outcomes: AppendOutcome[];
  /** The new entries in order, and the position of the entry right before them. */
  readonly entries: LogEntry[];
  readonly previous: bigint;
}

/** Stores `batches` in one durable transaction and wakes other processes by `NOTIFY`. `sender` marks our own notes. */
export async function commitBatches(
  pool: Pool,
  batches: readonly LoggableBatch[],
  receivedAt: number,
  sender: string,
): Promise<Committed> {
  const client = await pool.connect();
  let done = false;
  try {
    const committed = await inTransaction(client, batches, receivedAt);
    const head = committed.entries.at(-1)?.position;
    await client.query(head ? `SELECT pg_notify('${LOG_CHANNEL}', '${sender}:${head}'); COMMIT` : 'COMMIT');
    done = true;
    return committed;
  } finally {
    // After an error the connection's state is unknown (the commit may even have happened): it is not used again.
    client.release(!done);
  }
}

async function inTransaction(
  client: PoolClient,
  batches: readonly LoggableBatch[],
  receivedAt: number,
): Promise<Committed> {
  const begun = (await client.query(BEGIN)) as unknown as QueryResult<{ head: string }>[];
  const previous = BigInt(begun.at(-1)?.rows[0]?.head ?? 0);
  const firsts = new Map<string, LoggableBatch>();
  for (const batch of batches) if (!firsts.has(batchKey(batch))) firsts.set(batchKey(batch), batch);
  const unique = [...firsts.values()];
  const inserted = await client.query<{ position: string; box_id: string; boot: string; seq: string }>({
    name: 'log-insert',
    text: INSERT,
    values: [
      unique.map((b) => b.boxId),
      unique.map((b) => b.boot),
      unique.map((b) => b.seq),
      unique.map((b) => asBuffer(b.hash)),
      unique.map((b) => FORM_NUMBERS[b.form]),
      receivedAt,
      unique.map((b) => asBuffer(b.body)),
    ],
  });
  const positions = new Map(
    inserted.rows.map((row) => [batchKey({ boxId: row.box_id, boot: row.boot, seq: row.seq }), BigInt(row.position)]),
  );
  const kept = await hashesKept(
    client,
    unique.filter((batch) => !positions.has(batchKey(batch))),
  );
  const outcomes = batches.map((batch): AppendOutcome => {
    const key = batchKey(batch);
    const first = firsts.get(key);
    const position = positions.get(key);
    if (position !== undefined && first === batch) return { outcome: 'stored', position, receivedAt };
    const keptHash = position !== undefined ? first?.hash : kept.get(key);
    return { outcome: keptHash && Buffer.compare(keptHash, batch.hash) === 0 ? 'duplicate' : 'conflict' };
  });
  const conflicting = batches.filter((_, i) => outcomes[i]?.outcome === 'conflict');
  if (conflicting.length > 0) {
    await client.query(CONFLICT, [
      conflicting.map((b) => b.boxId),
      conflicting.map((b) => b.boot),
      conflicting.map((b) => b.seq),
      conflicting.map((b) => asBuffer(b.hash)),
      conflicting.map((b) => asBuffer(kept.get(batchKey(b)) ?? firsts.get(batchKey(b))?.hash ?? b.hash)),
      receivedAt,
    ]);
  }
  const entries = unique
    .flatMap((batch) => {
      const position = positions.get(batchKey(batch));
      return position === undefined ? [] : [{ ...batch, position, receivedAt }];
    })
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  return { outcomes, entries, previous };
}

async function hashesKept(client: PoolClient, batches: readonly LoggableBatch[]): Promise<Map<string, Uint8Array>> {
  if (batches.length === 0) return new Map();
  const { rows } = await client.query<{ box_id: string; boot: string; seq: string; hash: Buffer }>(KEPT, [
    batches.map((b) => b.boxId),
    batches.map((b) => b.boot),
    batches.map((b) => b.seq),
  ]);
  return new Map(rows.map((row) => [batchKey({ boxId: row.box_id, boot: row.boot, seq: row.seq }), row.hash]));
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
