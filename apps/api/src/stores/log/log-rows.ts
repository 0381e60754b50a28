import type { BatchForm, LogEntry } from './batch-log.ts';

/** How a form is kept in a column. Numbers are never reused. */
export const FORM_NUMBERS: Readonly<Record<BatchForm, number>> = { binary: 1, json: 2, legacy: 3 };
const FORMS: readonly (BatchForm | undefined)[] = [undefined, 'binary', 'json', 'legacy'];

export interface LogRow {
  readonly position: string;
  readonly box_id: string;
  readonly boot: string;
  readonly seq: string;
  readonly hash: Buffer;
  readonly form: number;
  readonly received_at_ms: string;
  readonly body: Buffer;
}

export function toLogEntry(row: LogRow): LogEntry {
  const form = FORMS[row.form];
  if (!form) throw new RangeError(`log entry ${row.position}: form ${row.form} is unknown to this version`);
  return {
    position: BigInt(row.position),
    boxId: row.box_id,
    boot: Number(row.boot),
    seq: Number(row.seq),
    hash: row.hash,
    form,
    receivedAt: Number(row.received_at_ms),
    body: row.body,
  };
}

/** What names a batch, as a key for maps. */
export const batchKey = (batch: { boxId: string; boot: number | string; seq: number | string }): string =>
  `${batch.boxId}/${batch.boot}/${batch.seq}`;

/**
 * Entries after `$1`, at most `$2`, and no further ones once `$3` bytes of bodies are reached, so that one page of large
 * batches cannot fill the memory. The sizes come from the row headers: bodies left out are not read.
 */
export const READ_PAGE = `
  SELECT position, box_id, boot, seq, hash, form, received_at_ms, body FROM (
    SELECT *, sum(octet_length(body)) OVER (ORDER BY position) - octet_length(body) AS bytes_before
    FROM (SELECT * FROM batch_log WHERE position > $1::bigint ORDER BY position LIMIT $2) page
  ) sized WHERE bytes_before < $3 ORDER BY position`;
