import type { Queryable } from '../../stores/postgres/pool.ts';

/**
 * Tables that a backup leaves out: projections are made again from the log, and whoever was signed in signs in again, so that
 * a session that was ended after the backup does not come back to life.
 */
const LEFT_OUT = new Set([
  'schema_migrations',
  'projection_cursors',
  'projection_skipped',
  'vehicle_states',
  'ledger_batches',
  'vehicle_facts',
  'sessions',
  'refresh_tokens',
  'sign_in_throttle',
]);

export interface TableToKeep {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The tables worth keeping with their columns, each behind those that it refers to. */
export async function tablesToKeep(db: Queryable): Promise<TableToKeep[]> {
  const { rows: tables } = await db.query<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     GROUP BY c.relname ORDER BY c.relname`,
  );
  const { rows: references } = await db.query<{ child: string; parent: string }>(
    `SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint k
     JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
     WHERE k.contype = 'f' AND child.relnamespace = current_schema()::regnamespace AND child.oid <> parent.oid`,
  );
  const kept = new Map(tables.filter((table) => !LEFT_OUT.has(table.name)).map((table) => [table.name, table]));
  const ordered = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    if (ordered.has(name) || !kept.has(name)) return;
    if (path.includes(name)) throw new Error(`Tables refer to one another in a circle: ${[...path, name].join(' → ')}`);
    for (const { child, parent } of references) if (child === name) visit(parent, [...path, name]);
    ordered.add(name);
  };
  for (const name of kept.keys()) visit(name, []);
  return [...ordered].map((name) => kept.get(name) as TableToKeep);
}

export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** `"table" ("a", "b")` for COPY. */
export const copyTarget = (table: TableToKeep): string =>
  `${quoted(table.name)} (${table.columns.map(quoted).join(', ')})`;

/** Sets the counters behind identity and serial columns to the highest number in use. */
export async function catchUpSequences(db: Queryable, tables: readonly TableToKeep[]): Promise<void> {
  for (const table of tables) {
    for (const column of table.columns) {
      const { rows } = await db.query<{ sequence: string | null }>(
        'SELECT pg_get_serial_sequence($1, $2) AS sequence',
        [quoted(table.name), column],
      );
      if (!rows[0]?.sequence) continue;
      await db.query(
        `SELECT setval($1::regclass, greatest(1, coalesce(max(${quoted(column)}), 0)), coalesce(max(${quoted(column)}), 0) > 0) FROM ${quoted(table.name)}`,
        [rows[0].sequence],
      );
    }
  }
}
