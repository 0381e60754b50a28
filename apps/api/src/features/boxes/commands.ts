import { BoxCommand } from '@temoin/shared/telemetry';
import type { Pool } from '../../stores/postgres/pool.ts';

/** Most commands that go down with one answer; the rest wait for the next. */
const AT_ONCE = 20;

/** Leaves an order for a box; it waits in the database until it is acknowledged or expires. */
export async function createCommand(
  pool: Pool,
  boxId: string,
  command: { kind: BoxCommand['kind']; detail?: Record<string, unknown>; lifetimeMs: number },
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO box_commands (box_id, kind, detail, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING id`,
    [boxId, command.kind, command.detail ?? {}, command.lifetimeMs / 1000],
  );
  return rows[0]!.id;
}

/** What waits for a box, oldest first. */
export async function pendingCommands(pool: Pool, boxId: string): Promise<BoxCommand[]> {
  const { rows } = await pool.query<{ id: string; kind: string; detail: unknown; expires_at: Date }>(
    `SELECT id, kind, detail, expires_at FROM box_commands
      WHERE box_id = $1 AND acknowledged_at IS NULL AND expires_at > now() ORDER BY created_at LIMIT ${AT_ONCE}`,
    [boxId],
  );
  return rows.map((row) =>
    BoxCommand.parse({ id: row.id, kind: row.kind, detail: row.detail, expiresAt: row.expires_at.getTime() }),
  );
}

/** True when the command was this box's; saying it twice changes nothing. */
export async function acknowledgeCommand(pool: Pool, boxId: string, commandId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE box_commands SET acknowledged_at = coalesce(acknowledged_at, now()) WHERE id::text = $1 AND box_id = $2',
    [commandId, boxId],
  );
  return rowCount === 1;
}
