/** Rows as aligned columns; numbers to the right. The first row is the head. */
export function table(rows: readonly (readonly (string | number | undefined)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (cell === undefined ? '–' : String(cell))));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const toTheRight = widths.map((_, i) =>
    rows.slice(1).every((row) => typeof row[i] === 'number' || row[i] === undefined),
  );
  return cells
    .map((row) =>
      row
        .map((cell, i) =>
          toTheRight[i] && rows.length > 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
