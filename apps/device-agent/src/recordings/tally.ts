import { addRefusals, type RefusalCounts } from '@temoin/shared/errors';
import { createOdometer } from '@temoin/shared/history';
import type { Row } from './recording.ts';

/** What a recording amounted to: every row is in `readings` or in `refused`. */
export interface TallyReport {
  readonly rowsRead: number;
  readonly readings: number;
  readonly refused: RefusalCounts;
  /** Single values left out of readings that were kept. */
  readonly refusedValues: RefusalCounts;
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly km: number;
}

/** Counts rows as they are read; distance by the rule of `@temoin/shared/history`, in the order of the source. */
export function createTally() {
  const refused: RefusalCounts = {};
  const refusedValues: RefusalCounts = {};
  const odometer = createOdometer();
  let rowsRead = 0;
  let readings = 0;
  let firstAt: number | undefined;
  let lastAt: number | undefined;
  return {
    add(row: Row): void {
      rowsRead += 1;
      if ('refused' in row) {
        addRefusals(refused, row.refused);
        return;
      }
      const { at, values } = row.reading;
      readings += 1;
      firstAt = firstAt === undefined ? at : Math.min(firstAt, at);
      lastAt = lastAt === undefined ? at : Math.max(lastAt, at);
      odometer.add({ at, speedKmh: values.obdSpeedKmh ?? values.gpsSpeedKmh, lat: values.lat, lon: values.lon });
      for (const [code, count] of Object.entries(row.refusedValues)) addRefusals(refusedValues, code as never, count);
    },
    report: (): TallyReport => ({ rowsRead, readings, refused, refusedValues, firstAt, lastAt, km: odometer.km() }),
  };
}
