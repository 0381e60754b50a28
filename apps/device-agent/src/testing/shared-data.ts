import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of recorded data beside the repository; tests on real drives are skipped where it is absent. */
export const SHARED_DATA = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
export const hasSharedData = existsSync(SHARED_DATA);
export const WITHOUT_DATA = 'needs the recorded drives in ../shared/data';

/** The rows of a small CSV file without quotes, as objects by column. */
export function readIndex(file: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(SHARED_DATA + file, 'utf8')
    .trim()
    .split(/\r?\n/);
  const columns = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, i) => [column, fields[i] ?? '']));
  });
}
