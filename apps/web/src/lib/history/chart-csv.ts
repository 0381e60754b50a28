import type { MetricSeries } from '@temoin/shared/history';
import { toFieldText } from '@/lib/history/zoned-time';

/** One row an instant, one column a metric, times in ISO 8601 UTC: exactly the points that a chart shows. */
export function csvOfSeries(series: readonly MetricSeries[], from: number, to: number): string {
  const rows = new Map<number, (number | undefined)[]>();
  series.forEach((one, column) => {
    one.at.forEach((at, i) => {
      if (at < from || at > to) return;
      let row = rows.get(at);
      if (!row) {
        row = new Array<number | undefined>(series.length).fill(undefined);
        rows.set(at, row);
      }
      row[column] = one.value[i];
    });
  });
  const lines = [...rows.entries()]
    .sort(([a], [b]) => a - b)
    .map(([at, values]) => [new Date(at).toISOString(), ...values.map((value) => value ?? '')].join(','));
  return `${[['at', ...series.map((one) => one.metric)].join(','), ...lines].join('\r\n')}\r\n`;
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name that every file system takes, with the local time it begins at: `GB-482-KT 2026-11-19 13h30.csv`. */
export const fileName = (label: string, from: number, ending: string, timeZone: string): string =>
  `${label.replace(/[^\p{L}\p{N}._-]+/gu, '-')} ${toFieldText(from, timeZone).replace('T', ' ').replace(':', 'h')}.${ending}`;
